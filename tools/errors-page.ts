import { productCodes } from '../src/business/tenancy/errors/errors.ts';
import { type ErrorCodeEntry, generalCodes } from '../src/platform/process/error-codes.ts';

const introduction = `# Errors of the API

Every error is answered as \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\` and
\`requestId\`. Programs decide by \`code\`; \`detail\` is one sentence for people and may change. Further members belong to the
code and are listed with it. \`errors\` names the fields of a request that are wrong: \`pointer\` is a JSON pointer into the
body, or begins with \`/querystring\`, \`/params\` or \`/headers\`.

This page is made from the declared codes by \`npm run docs\`.
`;

/** docs/errors.md: every declared code, by status. */
export function renderErrors(): string {
  const codes: Readonly<Record<string, ErrorCodeEntry>> = { ...generalCodes, ...productCodes };
  const byStatus = Map.groupBy(Object.entries(codes), ([, { status }]) => status);
  const sections = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, entries]) => {
      const lines = entries
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, { meaning, data = {} }]) =>
          [
            `- \`${code}\`: ${meaning}`,
            ...Object.entries(data).map(([name, what]) => `  - \`${name}\`: ${what}`),
          ].join('\n'),
        );
      return `## ${status}\n\n${lines.join('\n')}\n`;
    });
  return [introduction, ...sections].join('\n');
}
