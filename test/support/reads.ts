import { vi } from "vitest";
import { SiteObject } from "../../src/site/core/site-object.ts";

/** Calls `note` for every value that is read of a site object, until the returned function is called. */
export function watchReads(note: (object: SiteObject, field: string) => void): () => void {
  const spies = (["read", "valueOrUndefined"] as const).map((method) => {
    const read: unknown = Reflect.get(SiteObject.prototype, method);
    return vi.spyOn(SiteObject.prototype, method).mockImplementation(function (this: SiteObject, field: string) {
      note(this, field);
      return Reflect.apply(read as (field: string) => unknown, this, [field]);
    } as never);
  });
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}
