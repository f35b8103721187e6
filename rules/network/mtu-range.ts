import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";

const LOWEST = 512;
const HIGHEST = 1500;
const DEFAULT = 1500;
/** The largest that switches commonly take. */
const LARGEST_JUMBO = 9216;

/** Beyond the guide: the Management API takes an `mtu` of 512 to 1500 for system locations and the Management Node. */
export default defineRule({
  id: "network/mtu-range",
  title: "Require an MTU from 512 to 1500",
  severity: "error",
  since: "0.1.0",
  source: { document: "Pexip Infinity Management API", section: "system_location, management_vm", wording: "beyond" },
  subject: "mtu-holder",
  messages: {
    outOfRange:
      "MTU {{mtu}} of {{owner}} is outside the range that Pexip Infinity supports, {{lowest}} to {{highest}}.",
  },
  remediation:
    "Set mtu to a value from 512 to 1500. Pexip Infinity does not use jumbo frames, even where the network does.",
  // A jumbo frame size describes the network, which carries Pexip's largest packets too. Any other number may be a
  // typing error.
  fix: ({ data: { mtu } }) => (Number(mtu) > HIGHEST && Number(mtu) <= LARGEST_JUMBO ? { value: HIGHEST } : null),
  mutations: [{ edit: (owner) => set(owner, "mtu", HIGHEST + 1) }],
  check(owner, { known, fail }) {
    // Absent means Pexip's own default.
    const mtu = known(owner, "mtu") ?? DEFAULT;
    if (mtu >= LOWEST && mtu <= HIGHEST) return;
    const name = `${owner.kind} ${owner.name}`;
    fail("outOfRange", { at: [owner, "mtu"], data: { mtu, owner: name, lowest: LOWEST, highest: HIGHEST } });
  },
});
