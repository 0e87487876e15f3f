// The linter's knowledge of the house: see judge.js for the rules and rooms.json for the order.
import path from 'node:path';
import { judgeFiles, judgeGlobal, judgePackage } from './judge.js';
import { placeOf } from './places.js';

/**
 * @typedef {{ type: string, value?: unknown, quasis?: { value: { cooked: string } }[], expressions?: unknown[] }} Expression
 * @typedef {{ filename: string, cwd: string, report: (problem: { node: any, message: string }) => void, sourceCode: any }} Context
 */

/**
 * What an import names, where that can be read from the code.
 * @param {Expression | null | undefined} source
 */
function textOf(source) {
  if (source?.type === 'Literal' && typeof source.value === 'string') return source.value;
  if (source?.type === 'TemplateLiteral' && source.expressions?.length === 0)
    return source.quasis?.[0]?.value.cooked;
  return undefined;
}

/**
 * @param {import('./places.js').Place} from
 * @param {string} name
 * @param {Context} context
 */
function judge(from, name, context) {
  if (!name.startsWith('.')) return judgePackage(from, name);
  const to = placeOf(path.resolve(path.dirname(context.filename), name), context.cwd);
  return to === undefined ? undefined : judgeFiles(from, to);
}

const imports = {
  /** @param {Context} context */
  create(context) {
    const from = placeOf(context.filename, context.cwd);
    if (from === undefined) return {};
    /** @param {{ source?: Expression | null }} node */
    const check = (node) => {
      const name = textOf(node.source);
      const message = name === undefined ? undefined : judge(from, name, context);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      /** @param {any} node `import('./x.ts').Type`; its argument is a literal, or a type that holds one */
      TSImportType: (node) =>
        check({ ...node, source: node.source ?? node.argument?.literal ?? node.argument }),
      /** @param {any} node */
      CallExpression(node) {
        const callee = node.callee;
        const isRequire = callee.type === 'Identifier' && callee.name === 'require';
        if (isRequire) check({ ...node, source: node.arguments[0] });
      },
    };
  },
};

const globals = {
  /** @param {Context} context */
  create(context) {
    const from = placeOf(context.filename, context.cwd);
    if (from === undefined) return {};
    return {
      /** @param {any} node */
      'Program:exit'(node) {
        for (const { identifier } of context.sourceCode.getScope(node).through) {
          const message = judgeGlobal(from, identifier.name);
          if (message !== undefined) context.report({ node: identifier, message });
        }
      },
    };
  },
};

export default { meta: { name: 'rooms' }, rules: { imports, globals } };
