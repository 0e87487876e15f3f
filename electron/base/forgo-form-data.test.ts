import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const own = new URL('./forgo-form-data.ts', import.meta.url).href;

/** What a fresh process says: one of vitest's has loaded everything long ago. */
function said(script: string): unknown {
  const program = `import { forgoFormData } from '${own}'; forgoFormData();
    const fetchIsLoaded = () => process.moduleLoadList.some((name) => name.endsWith('undici/undici'));
    console.log(JSON.stringify(await (async () => { ${script} })()));`;
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
}

test('asking whether something is a form loads nothing', () => {
  const script = 'return [{} instanceof FormData, "text" instanceof FormData, fetchIsLoaded()]';
  expect(said(script)).toEqual([false, false, false]);
});

test('a form that came by fetch is still known as one, and fetch goes on', () => {
  const script = `const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = await new Response('a=b', { headers }).formData();
    return [form instanceof FormData, form.get('a'), fetchIsLoaded()]`;
  expect(said(script)).toEqual([true, 'b', true]);
});

test('making one says where to look', () => {
  const script = 'try { return new FormData().toString() } catch (failure) { return failure.message }';
  expect(said(script)).toContain('forgo-form-data.ts');
});
