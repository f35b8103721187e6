import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { isSecretKey, isSuspiciousKey, withoutUserInformation } from "../../../src/input/secrets/secrets.ts";
import { documents, yamlTexts } from "../syntax/arbitrary-document.ts";
import { sourceOf } from "../syntax/source-text.ts";

const keys = [
  ...["password", "ssh_password", "web_password", "licence_key", "license_key", "entitlement_key", "token", "secret"],
  ...["private_key", "snmp_community", "snmp_network_password", "snmp_v3_auth_password"],
];

describe("keys that name a secret", () => {
  test.each(keys)("%s, in any case, with either dash", (key) => {
    expect(isSecretKey(key)).toBe(true);
    expect(isSecretKey(key.toUpperCase())).toBe(true);
    expect(isSecretKey(key.replaceAll("_", "-"))).toBe(true);
  });

  test.each(["pasword", "passwd", "root_password", "sshpassword", "api_key", "client_secret"])(
    "a slip of one: %s",
    (key) => {
      expect(isSecretKey(key)).toBe(true);
    },
  );

  test.each(["name", "passwords", "tokens", "secretary", "key", "snmp_mode", "password_policy", "my_token", ""])(
    "not %j",
    (key) => {
      expect(isSecretKey(key)).toBe(false);
    },
  );
});

describe("keys that may name a secret", () => {
  test.each(["passwrod", "api_token", "keyOfApi", "CREDS", "my_pwd", "tokens", "ssh-keys", "key", "secretary"])(
    "%s is one, and stays in the value as the unknown key that it is",
    async (key) => {
      expect([isSecretKey(key), isSuspiciousKey(key)]).toEqual([false, true]);
      for (const given of [`a: 1\n${key}: hunter2 # c\n`, `{"a": 1, "${key}": "hunter2"}`]) {
        const { text, value, secrets } = await sourceOf(given);
        expect(text).not.toContain("hunter2");
        expect(text).toHaveLength(given.length);
        expect(value).toEqual({ a: 1, [key]: "hunter2" });
        expect(secrets).toEqual([]);
      }
    },
  );

  test.each(["name", "access/no-plaintext-secrets", "tls/key-size", "password", "snmp_mode", ""])(
    "%s is none",
    (key) => {
      expect(isSuspiciousKey(key)).toBe(false);
    },
  );

  test("no key of a format is one: its value would be hidden", () => {
    for (const name of ["config", "deployment", "evidence", "inventory", "waivers"]) {
      const schema = readFileSync(join(import.meta.dirname, `../../../schema/${name}.schema.json`), "utf8");
      const keys: string[] = [];
      JSON.parse(schema, (_, value: unknown) => {
        const properties = (value as { readonly properties?: object } | null)?.properties;
        if (typeof properties === "object") keys.push(...Object.keys(properties));
        return value;
      });
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter(isSuspiciousKey)).toEqual([]);
    }
  });

  test("their values are hidden where an alias uses them", async () => {
    const source = await sourceOf("passwrod: &p hunter2\nname: *p\n");
    expect(source.text).not.toContain("hunter2");
    expect(source.value).toMatchObject({ name: "***" });
  });

  test.each([
    "passwrod: hunter2\na: b: c\n",
    "a: 1\napi_token = hunter2\nb: c: d\n",
    '{"a": 1, "apiKey": "hunter2",}',
    "ssh_keys:\n  - hunter2\n  - hunter2\na: b: c\n",
    "# passwrod: hunter2\na: 1\n",
    "# - apiToken = hunter2\na: 1\n",
    "authHeader: hunter2\na: b: c\n",
    "Authorization: hunter2\na: b: c\n",
    "bearer: hunter2\na: b: c\n",
    "snmpCommunity: hunter2\na: b: c\n",
    "# passwrod: |\n#   hunter2\n#   hunter2\na: 1\n",
    "a:\r\n  # passwrod:\r\n  #   - hunter2\r\n  b: 1\r\n",
    "# passwrod: |\n#   hunter2\na: b: c\n",
    "? passwrod\n: hunter2\nx: [\n",
    '{"a": "b", "passwrod"\n:\n"hunter2" ]',
    '{"passwrod":\n["a",\n"hunter2"]"x',
    '{"passwrod": {\n"a": "hunter2", "b": [\n"hunter2"\n],\n"c": "hunter2"}',
  ])("their values are hidden in %j", async (given) => {
    expect((await parseSource(given, "file")).text).not.toContain("hunter2");
  });

  test("what follows the value stays", async () => {
    const given = "passwrod: {\n  a: [hunter2]\n}\nname: b\n# passwrod: x\n# name: c\na: b: c\n";
    expect((await parseSource(given, "file")).text).toMatch(/^name: b$[^]*^# name: c$[^]*^a: b: c$/m);
    const comments = "# passwrod: x\n# name: c\n\n#   indented\na: 1\n";
    expect((await sourceOf(comments)).text).toBe("# passwrod: *\n# name: c\n\n#   indented\na: 1\n");
  });

  test("a rule id is none in a file that cannot be parsed", async () => {
    const { text } = await parseSource("rules:\n  tls/key-size: off\n  a: b: c\n", "file");
    expect(text).toContain("tls/key-size: off");
  });

  test("are found in linear time", async () => {
    for (const word of ["key", "pass-", "a "]) {
      expect((await parseSource(`a: b: c ${word.repeat(300_000)}\n`, "file")).source).toBeNull();
    }
  });
});

describe("a secret is dropped from the value and blanked in the text", () => {
  test.each([
    ["a: 1\npassword: hunter2 # c\n", "a: 1\npassword: ***********\n", { a: 1 }, ["password"]],
    ["password: abc #def\nb: 1\n", "password: ********\nb: 1\n", { b: 1 }, ["password"]],
    [
      "a:\n  - Ssh-Password: 'x''y'\n    b: 1\n",
      "a:\n  - Ssh-Password: ******\n    b: 1\n",
      { a: [{ b: 1 }] },
      ["a", 0, "Ssh-Password"],
    ],
    ["token: 12345\n", "token: *****\n", {}, ["token"]],
    ["{token: [a, b], b: 1}\n", "{token: ******, b: 1}\n", { b: 1 }, ["token"]],
    [
      "private_key: |\n  line\r\n\n  two\nb: 1\n",
      "private_key: *\n******\r\n\n*****\nb: 1\n",
      { b: 1 },
      ["private_key"],
    ],
    ["secret:\n  a: 1\n  b: &x 2\nc: *x\n", "secret:\n  ****\n*********\nc: *x\n", { c: "***" }, ["secret"]],
    // What looks like a tag, an anchor or an alias may be the beginning of a password without quotes.
    ["password: !hunter2\n", "password: ********\n", {}, ["password"]],
    ["password: &hun ter2\n", "password: *********\n", {}, ["password"]],
    ["password: *hunter2\n", "password: ********\n", {}, ["password"]],
    ["password:\n  hunter2\n", "password:\n  *******\n", {}, ["password"]],
    ["? password\n: hunter2\n", "? password\n: *******\n", {}, ["password"]],
    ["x-note: {password: y, b: 1}\nc: 1\n", "x-note: {password: *, b: 1}\nc: 1\n", { c: 1 }, ["x-note", "password"]],
    ['{"a": [{"token" :\n "x\\"y"}]}', '{"a": [{"token" :\n ******}]}', { a: [{}] }, ["a", 0, "token"]],
    ['{"p\\u0061ssword": "x", "b": 1}', '{"p\\u0061ssword": ***, "b": 1}', { b: 1 }, ["password"]],
  ])("%j", async (given, text, value, path) => {
    // A flow mapping in YAML needs something before it that keeps it from being JSON.
    const isFlow = given.startsWith("{token");
    const source = await sourceOf(isFlow ? `--- ${given}` : given);
    expect(source.text).toBe(isFlow ? `--- ${text}` : text);
    expect(source.value).toEqual(value);
    expect(source.secrets.map((secret) => secret.path)).toEqual([path]);
    expect(source.secrets.map((secret) => secret.location)).toEqual([source.locate(path)]);
  });

  test("also when it is overwritten by a duplicate key", async () => {
    for (const given of ['{"a": {"token": "x"}, "a": 1}', "a: {token: x}\na: 1\n", '{"token": "x", "token": "x"}']) {
      const { text, errors } = await parseSource(given, "file");
      expect(errors.map((error) => error.code)).toEqual(["duplicate-key"]);
      expect(text).not.toContain("x");
    }
  });

  test("nothing is reported if no secret is exposed", async () => {
    const source = await sourceOf("password: null\ntoken: ''\nsecret: ~\na: {web_password: null}\n");
    expect(source.secrets).toEqual([]);
    expect(source.value).toEqual({ a: {} });
    expect((await parseSource("password:\n", "file")).errors.map((error) => error.message)).toEqual([
      "password has no value.",
    ]);
  });
});

describe("a secret that is written at an anchor", () => {
  test("is blanked there and hidden wherever it is used", async () => {
    const source = await sourceOf("a: &p hunter2\npassword: *p\nb: *p\nlist: [*p, 1]\n");
    expect(source.text).toBe("a: &p *******\npassword: *p\nb: *p\nlist: [*p, 1]\n");
    expect(source.value).toEqual({ a: "***", b: "***", list: ["***", 1] });
    expect(source.secrets).toEqual([{ path: ["password"], location: source.locate(["a"]) }]);
  });

  test("is found through nested anchors and merges", async () => {
    const given =
      "a: &a {k: &k hunter2, m: 1}\nb: &b [*a]\npassword: {x: *b}\nc: *k\nd: {<<: *a, n: 1}\ne: &e {o: 1}\nf: {<<: [*a, *e]}\n";
    const source = await sourceOf(given);
    expect(source.text).not.toContain("hunter2");
    expect(JSON.stringify(source.value)).not.toContain("hunter2");
    expect(source.value).toMatchObject({ c: "***", d: { n: 1 }, e: { o: 1 }, f: { o: 1 } });
  });

  test("comes not along with a merge", async () => {
    const source = await sourceOf("x-login: &login {user: a, password: hunter2}\nb: {<<: *login}\n");
    expect(source.value).toEqual({ b: { user: "a" } });
    expect(source.secrets.map((secret) => secret.path)).toEqual([["x-login", "password"]]);
  });
});

describe("user information in a URL", () => {
  test.each([
    ["https://user:pass@host/path?a=b#c", "https://***@host/path?a=b#c"],
    ["see ssh://root@h1, ldap://cn:p@ss@h2:389/", "see ssh://***@h1, ldap://***@h2:389/"],
    ["https://host/path@home", "https://host/path@home"],
    ["https://host?mail=a@b", "https://host?mail=a@b"],
    ["sip:user@host", "sip:user@host"],
    ["a@b", "a@b"],
  ])("%j", (text, shown) => {
    expect(withoutUserInformation(text)).toBe(shown);
  });

  test.each([
    ["url: https://u:pw@host # c\n", "url: https://****@host # c\n"],
    ["url: 'https://u:pw@host'\n", "url: 'https://****@host'\n"],
    ['url: "https:\\x2f\\x2fu:pw@host"\n', `url: ${"*".repeat(25)}\n`],
    ["url: >-\n  see\n  https://u:pw@host\n", "url: >-\n  see\n  https://****@host\n"],
    ['{"url": "https://u:pw@host"}', '{"url": "https://****@host"}'],
    ['{"url": "https:\\/\\/u:pw@host"}', `{"url": ${"*".repeat(21)}}`],
  ])("%j is blanked in place", async (given, text) => {
    const source = await sourceOf(given);
    expect(source.text).toBe(text);
    expect(JSON.stringify(source.value)).toMatch(/https:\/\/\*\*\*@host/);
    expect(source.secrets).toEqual([{ path: ["url"], location: source.locate(["url"]) }]);
  });

  test("through an alias", async () => {
    const source = await sourceOf("a: &a https://u:pw@host\nb: *a\n");
    expect(source.value).toEqual({ a: "https://***@host", b: "https://***@host" });
  });
});

test("secrets in comments are blanked", async () => {
  const source = await sourceOf("# password: old\na: 1 # token = old\n# the token of the day\n# https://u:old@host/\n");
  expect(source.text).toBe("# password: ***\na: 1 # token = ***\n# the token of the day\n# https://*****@host/\n");
  expect(source.secrets).toEqual([]);
});

test("x- keys are removed at every level, their anchors stay", async () => {
  const text = "x-a: &a {b: 1, x-c: 2}\nd: [{x-e: 1, f: *a}]\n";
  expect((await sourceOf(text)).value).toEqual({ d: [{ f: { b: 1 } }] });
  expect((await sourceOf('{"x-a": 1, "b": [{"x-c": 1}]}')).value).toEqual({ b: [{}] });
});

describe("a file that cannot be parsed gives nothing away either", () => {
  test.each([
    "password: hunter2\na: b: c\n",
    "password hunter2\na: 1\n",
    'a: 1\n  - password : "hun"ter2"\n',
    'password: "hunter2\na: 1\n',
    "private_key: |\n  hunter2\n\n  hunter2\na: b: c\n",
    "a:\n  - token:\n      - hunter2\n    b: [\n",
    "a: {b: 1, secret: hunter2, c: ]\n",
    "a: &p hunter2\npassword: *p\nb: c: d\n",
    "password: !hun{ter2\n",
    "password: @hunter2\n",
    "url: https://user:hunter2@host\na: b: c\n",
    '{"password": "hunter2",}',
    '{"a": 1, "b": {"Web-Password" : "hunter2" "c": 1}}',
    "{'token': 'hunter2'}",
    '{"url": "https:\\/\\/user:hunter2@host" "b": 1}',
    '{"private_key": [\n    "hunter2",\n    "hunter2"\n  ]\n  "b": 1}',
    "password: hunter2\n---\nb: 1\n",
    "- password: hunter2\n",
    '"https:\\x2f\\x2fme:hunter2@host"\n',
  ])("%j", async (given) => {
    const { source, text, errors } = await parseSource(given, "file");
    expect(source).toBeNull();
    expect(errors).not.toHaveLength(0);
    expect(text).toHaveLength(given.length);
    expect(text).not.toMatch(/hun|ter2/);
    expect(JSON.stringify(errors.map(({ message, hint, related }) => [message, hint, related]))).not.toMatch(
      /hun|ter2/,
    );
  });
});

describe("no secret gets through, for any document", () => {
  const marker = "hunter2hunter2";
  const value = fc.constantFrom<unknown>(marker, [marker], { a: marker }, `${marker} ${marker}\n${marker}\n`);
  const secret = fc.tuple(fc.constantFrom(...keys), value);
  const documentsWithSecrets = fc.tuple(documents, secret, secret).map(([document, first, second]) => ({
    ...document,
    [first[0]]: first[1],
    nested: { list: [{ a: document, [second[0]]: second[1], url: `https://me:${marker}@host/` }] },
  }));
  const styles = fc.record({
    indent: fc.constantFrom(2, 4),
    collectionStyle: fc.constantFrom("any" as const, "flow" as const),
    lineWidth: fc.constantFrom(0, 80),
    defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
  });

  test.each([
    [
      "YAML",
      (document: unknown, style: object): string =>
        `# yaml\n${stringify(document, { ...style, aliasDuplicateObjects: false })}`,
    ],
    ["JSON", (document: unknown): string => JSON.stringify(document, null, 2)],
  ])("%s, whole and broken", async (_format, write) => {
    await fc.assert(
      fc.asyncProperty(documentsWithSecrets, styles, async (document, style) => {
        const text = write(document, style);
        for (const given of [text, `${text}\n]`, text.replace(/"?nested"?/, "nested: 'x' y")]) {
          const { source, text: shown, errors } = await parseSource(given, "file");
          const all = JSON.stringify([source?.value, shown, errors.map(({ message, hint }) => [message, hint])]);
          expect(all).not.toContain(marker);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("and a text without secrets is unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(yamlTexts, async ({ text }) => {
        // Keys are drawn from all letters, and some name a secret.
        fc.pre(!/pass|pwd|secret|token|key|cred|auth|bearer|communit/i.test(text));
        const source = await sourceOf(text);
        expect(source.text).toBe(text);
        expect(source.secrets).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
