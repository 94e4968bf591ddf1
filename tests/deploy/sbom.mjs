// Judges a document of deploy/sbom: node sbom.mjs FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import parse from "spdx-expression-parse";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
assert.equal(document.spdxVersion, "SPDX-2.3");
assert.equal(document.dataLicense, "CC0-1.0");
assert.equal(document.SPDXID, "SPDXRef-DOCUMENT");
assert.equal(document.creationInfo.created, "1970-01-01T00:00:00Z");
assert.match(document.documentNamespace, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);

const ids = new Set(["SPDXRef-DOCUMENT", ...document.packages.map(({ SPDXID }) => SPDXID)]);
assert.equal(ids.size, document.packages.length + 1, "an SPDXID stands for two");
const references = new Set((document.hasExtractedLicensingInfos ?? []).map(({ licenseId }) => licenseId));
const named = new Set();
function look(tree) {
  if (tree.license?.startsWith("LicenseRef-")) named.add(tree.license);
  for (const side of [tree.left, tree.right]) if (side) look(side);
}

for (const each of document.packages) {
  assert.match(each.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/);
  assert(each.name && each.versionInfo && each.downloadLocation === "NOASSERTION", each.name);
  if (each.licenseDeclared !== "NOASSERTION") look(parse(each.licenseDeclared));
  if (each.SPDXID.startsWith("SPDXRef-package-")) {
    assert.match(each.supplier, /^(Person|Organization): [^(]+ \([^)]+@[^)]+\)$/);
    assert(each.licenseComments, each.name);
    assert.match(each.externalRefs[0].referenceLocator, /^pkg:deb\/debian\/[a-z0-9.%B-]+@[^ ?+:]+\?arch=[a-z0-9]+&distro=/);
  }
}
assert.deepEqual([...named].sort(), [...references].sort(), "references to licences and their list");

for (const { spdxElementId, relationshipType, relatedSpdxElement } of document.relationships) {
  assert(ids.has(spdxElementId) && ids.has(relatedSpdxElement));
  assert(["DESCRIBES", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK"].includes(relationshipType));
}
const related = new Set(document.relationships.map(({ relatedSpdxElement }) => relatedSpdxElement));
for (const { SPDXID } of document.packages) assert(related.has(SPDXID), `${SPDXID} belongs to nothing`);
assert.equal(document.packages.find(({ SPDXID }) => SPDXID === "SPDXRef-program").licenseDeclared, "Apache-2.0");
const names = document.packages.map(({ name }) => name);
for (const name of ["eg91xq", "libc6", "libssl3", "nlohmann-json3-dev"]) assert(names.includes(name), name);
console.log(`${process.argv[2]}: ${document.packages.length} packages, ${references.size} licences without a name in SPDX`);
