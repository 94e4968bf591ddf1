// Says whether standard input is an OpenAPI document of version 3.1; exit code 1 if not.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const validator = new Validator();
const verdict = await validator.validate(JSON.parse(readFileSync(0, "utf8")));
if (!verdict.valid) console.error(JSON.stringify(verdict.errors, null, 2));
console.log(`OpenAPI ${validator.version}: ${verdict.valid ? "valid" : "not valid"}`);
process.exit(verdict.valid && validator.version === "3.1" ? 0 : 1);
