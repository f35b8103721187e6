import { describe, expect, it } from "vitest";
import { cpuModelMode } from "../../src/facts/cpu-models.ts";
import { evcMode } from "../../src/facts/evc-modes.ts";

describe("cpuModelMode", () => {
  // Models and the "Max EVC" that exports of vCenter servers show beside them.
  it.each([
    ["Intel(R) Xeon(R) CPU           X5660  @ 2.80GHz", "intel-westmere"],
    ["Intel(R) Atom(TM) CPU  C2750  @ 2.40GHz", "intel-westmere"],
    ["Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", "intel-ivybridge"],
    ["Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) Silver 4110 CPU @ 2.10GHz", "intel-skylake"],
    ["Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) Gold 6242 CPU @ 2.80GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) Gold 5218 CPU @ 2.30GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) Gold 6346 CPU @ 3.10GHz", "intel-icelake"],
  ])("knows %s, confirmed", (model, mode) => {
    expect(cpuModelMode(model)).toEqual({ evcMode: mode, confirmed: true });
  });

  it.each([
    ["Intel(R) Xeon(R) CPU            5160  @ 3.00GHz", "intel-merom"],
    ["Intel(R) Xeon(R) CPU           E5450  @ 3.00GHz", "intel-penryn"],
    ["Intel(R) Xeon(R) CPU           X5570  @ 2.93GHz", "intel-nehalem"],
    ["Intel(R) Xeon(R) CPU E7- 4870  @ 2.40GHz", "intel-westmere"],
    ["Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz", "intel-sandybridge"],
    ["Intel(R) Xeon(R) CPU E5-2630L 0 @ 2.00GHz", "intel-sandybridge"],
    ["Intel(R) Xeon(R) CPU E3-1230 V2 @ 3.30GHz", "intel-ivybridge"],
    ["Intel(R) Xeon(R) CPU E7-4880 v2 @ 2.50GHz", "intel-ivybridge"],
    ["Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz", "intel-haswell"],
    ["Intel(R) Xeon(R) CPU E5-2697A v4 @ 2.60GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) CPU E3-1275 v6 @ 3.80GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) CPU D-1541 @ 2.10GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) D-2146NT CPU @ 2.30GHz", "intel-skylake"],
    ["Intel(R) Xeon(R) Platinum 8180M CPU @ 2.50GHz", "intel-skylake"],
    ["Intel(R) Xeon(R) Gold 6328HL CPU @ 2.80GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) Platinum 8480+", "intel-sapphirerapids"],
    ["INTEL(R) XEON(R) GOLD 6548Y+", "intel-sapphirerapids"],
    ["Intel(R) Xeon(R) CPU           L3406  @ 2.27GHz", "intel-westmere"],
    ["Intel(R) Xeon(R) CPU           X3470  @ 2.93GHz", "intel-nehalem"],
    ["Intel(R) Xeon(R) CPU Max 9480", "intel-sapphirerapids"],
    ["Intel(R) Xeon(R) 6980P", "intel-graniterapids"],
    ["Intel(R) Xeon(R) 6787P", "intel-graniterapids"],
    ["Intel(R) Xeon(R) 6520P", "intel-graniterapids"],
    ["Intel(R) Xeon(R) 6726P-B", "intel-graniterapids"],
    ["Intel(R) Xeon(R) 6780E", "intel-broadwell"],
    ["Intel(R) Xeon(R) 6369P", "intel-broadwell"],
    ["Intel(R) Xeon(R) E-2176G CPU @ 3.70GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) E-2288G CPU @ 3.70GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) E-2388G CPU @ 3.20GHz", "intel-icelake"],
    ["Intel(R) Xeon(R) E-2488", "intel-broadwell"],
    ["Intel(R) Xeon(R) W-1290P CPU @ 3.70GHz", "intel-broadwell"],
    ["Intel(R) Xeon(R) W-2145 CPU @ 3.70GHz", "intel-skylake"],
    ["Intel(R) Xeon(R) W-3175X CPU @ 3.10GHz", "intel-skylake"],
    ["Intel(R) Xeon(R) W-2295 CPU @ 3.00GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) W-3265M CPU @ 2.70GHz", "intel-cascadelake"],
    ["Intel(R) Xeon(R) W-3375 CPU @ 2.50GHz", "intel-icelake"],
    ["Intel(R) Xeon(R) w9-3495X", "intel-sapphirerapids"],
    ["Intel(R) Xeon(R) w5-2465X", "intel-sapphirerapids"],
    ["AMD EPYC 4564P 16-Core Processor", "amd-zen4"],
    ["AMD EPYC 4484PX 12-Core Processor", "amd-zen4"],
    ["AMD EPYC 4565P 16-Core Processor", "amd-zen5"],
    ["AMD EPYC 4585PX 16-Core Processor", "amd-zen5"],
    ["AMD Opteron(tm) Processor 6172", "amd-greyhound"],
    ["Quad-Core AMD Opteron(tm) Processor 2356", "amd-greyhound"],
    ["AMD Opteron(TM) Processor 6272                 ", "amd-bulldozer"],
    ["AMD Opteron(tm) Processor 6376", "amd-piledriver"],
    ["AMD EPYC 7551P 32-Core Processor", "amd-zen"],
    ["AMD EPYC 7H12 64-Core Processor", "amd-zen2"],
    ["AMD EPYC 7702P 64-Core Processor", "amd-zen2"],
    ["AMD EPYC 75F3 32-Core Processor", "amd-zen3"],
    ["AMD EPYC 7773X 64-Core Processor", "amd-zen3"],
    ["AMD EPYC 9174F 16-Core Processor", "amd-zen4"],
    ["AMD EPYC 9755 128-Core Processor", "amd-zen5"],
  ])("knows %s", (model, mode) => {
    expect(cpuModelMode(model)?.evcMode).toBe(mode);
    expect(evcMode(mode)).toBeDefined();
  });

  it.each(["Intel(R) Xeon(R) 6780E", "Intel(R) Xeon(R) E-2488", "Intel(R) Xeon(R) 6369P"])(
    "lists %s with AVX2 and without AVX-512",
    (model) => {
      expect(evcMode(cpuModelMode(model)?.evcMode ?? "")).toMatchObject({ avx: true, avx2: true, avx512f: false });
    },
  );

  it.each([
    "",
    "Xeon CPU X5660",
    "Intel(R) Core(TM) i5-8259U CPU @ 2.30GHz",
    "Intel(R) Xeon(R) 6187P",
    "Intel(R) Xeon(R) 6787P5",
    "Intel(R) Xeon(R) CPU E5-2650 v9 @ 2.60GHz",
    "Intel(R) Xeon(R) Gold 61420 CPU",
    "Intel(R) Xeon(R) Gold 6942 CPU",
    "AMD EPYC 7006 Processor",
    "AMD Opteron(tm) Processor 252",
    "VIA Nano X5660",
  ])("does not guess %j", (model) => {
    expect(cpuModelMode(model)).toBeUndefined();
  });

  it("does not guess from digits without end", () => {
    expect(cpuModelMode(`Intel Xeon CPU E5-${"1".repeat(100_000)}`)).toBeUndefined();
  });
});
