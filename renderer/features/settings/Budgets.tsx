import type { BudgetAccount } from '../../../shared/contract/budgets.ts';
import { spentMoney } from '../../../shared/money-words.ts';
import type { Settings } from '../../../shared/settings.ts';
import { useBudgetAccounts } from '../../bridge/budgets.ts';
import { Card } from '../../ui/Card.tsx';
import { countOf } from '../../ui/words.ts';
import { callDollarsSetting, dayDollarsSetting, dayTokensSetting } from './model-setting-texts.ts';
import { SettingField } from './SettingField.tsx';
import styles from './SettingsForm.module.css';

/** What may be spent on models, beside what each agent and session says for itself. */
export function Budgets({ settings }: { settings: Settings }) {
  const today = useBudgetAccounts()?.find(({ kind }) => kind === 'day');
  return (
    <>
      <h2 className={styles.sub}>Budgets</h2>
      <Card className={styles.card}>
        <div className={styles.form}>
          {today && <p className={styles.words}>{spentToday(today)}</p>}
          <SettingField setting={dayTokensSetting} value={settings['budget.dayTokens']} />
          <SettingField setting={dayDollarsSetting} value={settings['budget.dayDollars']} />
          <SettingField setting={callDollarsSetting} value={settings['budget.callDollars']} />
        </div>
      </Card>
    </>
  );
}

function spentToday({ tokens, micros, unpriced }: BudgetAccount): string {
  const money = spentMoney(micros.spent, unpriced);
  const running =
    tokens.reserved === 0 ? '' : `; ${countOf(tokens.reserved)} are set aside for calls that run`;
  return `Today ${countOf(tokens.spent)} tokens were spent: ${money}${running}.`;
}
