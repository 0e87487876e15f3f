import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Outcome } from './tally.ts';

interface Assertion {
  fullName: string;
  status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo' | 'disabled';
  failureMessages?: string[] | null;
}

interface TestFile {
  name: string;
  status: 'passed' | 'failed';
  message?: string;
  assertionResults: Assertion[];
}

export interface VitestReport {
  success: boolean;
  testResults: TestFile[];
}

function countFile({ name: file, status, message, assertionResults }: TestFile, root: string): Outcome {
  const name = path.relative(root, file);
  const failures = assertionResults
    .filter((each) => each.status === 'failed')
    .map((each) => ({
      name: `${name} › ${each.fullName}`,
      text: stripVTControlCharacters((each.failureMessages ?? []).join('\n')),
    }));
  // A file that could not even be loaded has no failed test to show for it.
  if (status === 'failed' && failures.length === 0) {
    failures.push({ name, text: stripVTControlCharacters(message ?? 'The file failed.') });
  }
  return {
    passed: assertionResults.filter((each) => each.status === 'passed').length,
    failures,
    skips: assertionResults
      .filter((each) => each.status !== 'passed' && each.status !== 'failed')
      .map((each) => ({
        name: `${name} › ${each.fullName}`,
        reason: `marked ${each.status} in the test file`,
      })),
  };
}

export function countVitest(report: VitestReport, root: string): Outcome[] {
  return report.testResults.map((file) => countFile(file, root));
}
