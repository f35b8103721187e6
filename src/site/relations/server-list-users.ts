import type { Node, ServerList } from "../deployment/deployment-objects.ts";
import type { PartialList } from "../core/partial-list.ts";
import type { ServerLists } from "../deployment/server-lists.ts";

const MOST_NAMED = 4;

/** The users of a list, in words: `the Management Node, location Oslo and 3 more`. */
export function usersInWords({ users }: ServerList): string {
  const words = users.map((user) =>
    user === "management_node" ? "the Management Node" : user.replace(/^location\//, "location "),
  );
  const rest = words.length - MOST_NAMED;
  const named = rest > 1 ? [...words.slice(0, MOST_NAMED), `${rest} more`] : words;
  const last = named.at(-1) ?? "no user";
  return named.length < 2 ? last : `${named.slice(0, -1).join(", ")} and ${last}`;
}

/** The nodes that use each list. A node whose location is not known may use any of them. */
export function nodesByList(nodes: PartialList<Node>, lists: ServerLists): (list: ServerList) => PartialList<Node> {
  const byList = new Map<ServerList, Node[]>();
  const missing = [...nodes.missing];
  for (const node of nodes.items) {
    const used = lists.usedBy(node);
    if (!used.known) missing.push(...used.missing);
    for (const list of used.known ? used.value : []) {
      const group = byList.get(list);
      if (group === undefined) byList.set(list, [node]);
      else group.push(node);
    }
  }
  return (list) => ({ items: byList.get(list) ?? [], missing });
}
