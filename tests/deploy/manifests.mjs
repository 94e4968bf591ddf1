// Judges rendered manifests, and then itself by manifests with an error each, which it has to see:
// node manifests.mjs "eg91xq VERSION" CONTAINERFILE FILE...
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

const [program, containerfile, ...files] = process.argv.slice(2);
const version = program.split(" ").at(-1);
const said = readFileSync(containerfile, "utf8");
const first_port = 5000;
const most_instances = 99_999;

// The validators of the schemas let fields pass that they do not know; what they never looked at is such a field.
function watched(value, path, unseen) {
  if (typeof value !== "object" || value === null) return value;
  const members = new Map();
  for (const name of Object.keys(value)) {
    unseen.add(`${path}.${name}`);
    members.set(name, watched(value[name], `${path}.${name}`, unseen));
  }
  return new Proxy(value, {
    get(target, name) {
      unseen.delete(`${path}.${String(name)}`);
      return members.has(name) ? members.get(name) : Reflect.get(target, name);
    },
  });
}

const matches = (labels, selector) => Object.entries(selector).every(([name, value]) => labels[name] === value);

async function judge(text) {
  const objects = parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
  const of = (kind) => objects.filter((object) => object.kind === kind);

  for (const object of objects) {
    const whose = object.apiVersion.startsWith("monitoring.coreos.com/")
      ? "@kubernetes-models/prometheus-operator"
      : "kubernetes-models";
    const { [object.kind]: Model } = await import(`${whose}/${object.apiVersion}`);
    const unseen = new Set();
    const model = new Model(object);
    model.validate.call(watched(model, `${object.kind} ${object.metadata.name}`, unseen));
    assert.deepEqual([...unseen], [], "fields that Kubernetes does not have");
  }

  const workloads = [...of("StatefulSet"), ...of("Deployment")];
  const modems = of("StatefulSet").find(({ metadata }) => metadata.name === "eg91xq");
  const settings = of("ConfigMap").find(({ data }) => "MODEMS" in data).data;
  const count = Number(settings.MODEMS);
  const at_ports = Array.from({ length: count }, (_, index) => first_port + index);

  // Every pod: no privilege, nothing that it could write but its volumes, images by tag.
  for (const { kind, metadata, spec } of workloads) {
    const where = `${kind} ${metadata.name}`;
    const { template } = spec;
    const pod = template.spec;
    assert(matches(template.metadata.labels, spec.selector.matchLabels), `${where}: selector`);
    assert.equal(pod.automountServiceAccountToken, false, where);
    assert.equal(pod.securityContext.runAsNonRoot, true, where);
    assert(pod.securityContext.runAsUser > 0, where);
    assert.equal(pod.securityContext.seccompProfile.type, "RuntimeDefault", where);
    for (const shared of ["hostNetwork", "hostPID", "hostIPC"]) assert(!pod[shared], `${where}: ${shared}`);
    const claims = spec.volumeClaimTemplates ?? [];
    const volumes = [...(pod.volumes ?? []), ...claims.map((claim) => claim.metadata)];
    assert(!volumes.some((volume) => "hostPath" in volume), where);
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      const { securityContext: own, image, resources } = container;
      assert.equal(own.allowPrivilegeEscalation, false, where);
      assert.equal(own.readOnlyRootFilesystem, true, where);
      assert.deepEqual(own.capabilities, { drop: ["ALL"] }, where);
      assert(!own.privileged && own.runAsNonRoot !== false && own.runAsUser !== 0, where);
      assert.match(image, /:[0-9][^:/]*$/, `${where}: image without a tag`);
      if (/(^|\/)eg91xq:/.test(image)) assert.equal(image.split(":").at(-1), version, `${where}: another version`);
      assert(resources.requests.memory && resources.requests.cpu && resources.limits.memory, where);
      assert(container.readinessProbe && container.livenessProbe, where);
      for (const mount of container.volumeMounts)
        assert(volumes.some(({ name }) => name === mount.name), `${where}: no volume ${mount.name}`);
      for (const { configMapRef } of container.envFrom ?? [])
        assert(of("ConfigMap").some(({ metadata: map }) => map.name === configMapRef.name), where);
    }
    for (const { configMap, secret } of pod.volumes) {
      if (configMap) assert(of("ConfigMap").some(({ metadata: map }) => map.name === configMap.name), where);
      if (secret && of("Secret").length > 0) assert.equal(secret.secretName, of("Secret")[0].metadata.name);
    }
  }

  // The modems: their pods, numbers and ports.
  const pod = modems.spec.template.spec;
  const [container] = pod.containers;
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  assert.equal(ports.at, first_port);
  assert(!at_ports.includes(ports.control), "the control interface is among the AT ports");
  assert(at_ports.at(-1) <= 65_535);
  assert(Number(settings.FIRST) + modems.spec.replicas * count <= most_instances, "more modems than numbers");
  assert(of("Service").some(({ metadata, spec }) => metadata.name === modems.spec.serviceName && spec.clusterIP === "None"));
  const [start] = of("ConfigMap").filter(({ data }) => "start.sh" in data);
  assert(start.data["start.sh"].includes(`--port tcp:0.0.0.0:${ports.at}+`));
  assert(start.data["start.sh"].includes(`--control 0.0.0.0:${ports.control}`));
  for (const directory of ["/state", "/tmp"])
    assert(container.volumeMounts.some(({ mountPath, readOnly }) => mountPath === directory && !readOnly), directory);
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
    assert.deepEqual(probe.exec.command, ["eg91xq", "ctl", "health"]);

  // The image: the same user and ports.
  assert(said.includes(`\nUSER ${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}\n`));
  assert(said.includes(`\nEXPOSE ${ports.at} ${ports.control}\n`));

  // Services lead to ports that the containers have.
  for (const { metadata, spec } of of("Service")) {
    const selector = { ...spec.selector };
    delete selector["statefulset.kubernetes.io/pod-name"];
    const target = workloads.find(({ spec: own }) => matches(own.template.metadata.labels, selector));
    assert(target, `Service ${metadata.name} selects nothing`);
    const open = target.spec.template.spec.containers.flatMap((each) => each.ports);
    for (const { port, targetPort } of spec.ports) {
      const found = open.find(({ name, containerPort }) => name === targetPort || containerPort === targetPort);
      const number = found ? found.containerPort : targetPort;
      assert(found || (target === modems && at_ports.includes(number)), `Service ${metadata.name}: ${targetPort}`);
      assert.equal(number, port, `Service ${metadata.name}`);
    }
  }
  const all_ports = of("Service").find(({ metadata }) => metadata.name === "eg91xq-ports");
  if (all_ports) assert.deepEqual(all_ports.spec.ports.map(({ port }) => port), at_ports);

  // The network: in from this namespace, to these ports; out to the broker and DNS.
  const policy = of("NetworkPolicy").find(({ metadata }) => metadata.name === "eg91xq").spec;
  assert(matches(modems.spec.template.metadata.labels, policy.podSelector.matchLabels));
  assert.deepEqual([...policy.policyTypes].sort(), ["Egress", "Ingress"]);
  assert.deepEqual(policy.ingress, [
    {
      from: [{ podSelector: {} }],
      ports: [
        { protocol: "TCP", port: first_port, endPort: at_ports.at(-1) },
        { protocol: "TCP", port: ports.control },
      ],
    },
  ]);
  assert.equal(policy.egress.length, 2);
  const [to_broker, to_dns] = policy.egress;
  assert.deepEqual(to_broker.ports.map(({ port }) => port), [
    Number(settings.BROKER.split(":")[1]),
    Number(settings.BROKER_TLS_PORT),
  ]);
  assert(to_broker.to.every((peer) => Object.keys(peer).length > 0));
  assert.deepEqual([...new Set(to_dns.ports.map(({ port }) => port))], [53]);
  const broker = of("Service").find(({ metadata }) => metadata.name === settings.BROKER.split(":")[0]);
  if (broker) {
    const { labels } = of("Deployment").find(({ metadata }) => metadata.name === broker.metadata.name).spec.template.metadata;
    assert(matches(labels, to_broker.to[0].podSelector.matchLabels));
  }

  // Who counts on them.
  for (const { spec } of of("PodDisruptionBudget"))
    assert(matches(modems.spec.template.metadata.labels, spec.selector.matchLabels));
  for (const { spec } of of("PodMonitor")) {
    assert(matches(modems.spec.template.metadata.labels, spec.selector.matchLabels));
    for (const { port, path, authorization } of spec.podMetricsEndpoints) {
      assert(port in ports);
      assert.equal(path, "/metrics");
      assert.equal(authorization.credentials.name, pod.volumes.find(({ secret }) => secret).secret.secretName);
    }
  }
  return `${objects.length} objects, ${modems.spec.replicas} x ${count} modems`;
}

const errors = [
  [/maxUnavailable: 1/, "maxUnavailable: [1]"],
  [/maxUnavailable/, "maxUnavailabel"],
  [/serviceName/, "servceName"],
  [/readOnlyRootFilesystem: true/, "readOnlyRootFilesystem: false"],
  [/runAsUser: 10001/, "runAsUser: 0"],
  [/- ALL/, "- NET_RAW"],
  [/image: eg91xq:.*/, "image: eg91xq"],
  [/port: 5007/, "port: 5010"],
  [/endPort: 5009/, "endPort: 5010"],
  [/MODEMS: "10"/, 'MODEMS: "11"'],
  [/FIRST: "0"/, 'FIRST: "99990"'],
  [/BROKER: mosquitto:1883/, "BROKER: mosquitto:1884"],
];

for (const file of files) console.log(`${file}: ${await judge(readFileSync(file, "utf8"))}`);
const right = readFileSync(files[0], "utf8");
for (const [place, error] of errors) {
  const wrong = right.replace(place, error);
  assert.notEqual(wrong, right, `${place} is not there`);
  await assert.rejects(judge(wrong), undefined, `${error} is not seen`);
}
