/** A node on host `esxi01`, network `media`, and the check of a rule about port groups on it. */
export const mediaNode = `
conferencing_nodes:
  - name: a
    hostname: a
    vm: { host: esxi01, network: media }
`;
export const MEDIA = "port-group:esxi01/media";

/** `esxi01` with the standard switch `vSwitch0`, which has the port group `media`. */
export function onStandardSwitch(given: {
  readonly nics?: string;
  readonly onSwitch?: string;
  readonly onGroup?: string;
}): string {
  return `
hosts:
  - name: esxi01
    cluster: null
    physical_nics:
      ${given.nics ?? "[{ name: vmnic0, speed_mbps: 1000, full_duplex: true }, { name: vmnic1, speed_mbps: 1000, full_duplex: true }]"}
    virtual_switches:
      - { name: vSwitch0, ${given.onSwitch ?? "uplinks: [vmnic0, vmnic1]"} }
    port_groups:
      - { name: media, virtual_switch: vSwitch0, ${given.onGroup ?? "teaming_policy: null, shaping_enabled: null"} }
distributed_port_groups: []
virtual_machines: []
`;
}

/** `esxi01` as a member of the distributed switch `dvs`, which has the port group `media`. */
export function onDistributedSwitch(given: {
  readonly nics?: string;
  readonly member?: string;
  /** What else the switch has. */
  readonly onSwitch?: string;
  readonly group: string;
}): string {
  return `
hosts:
  - name: esxi01
    cluster: null
    port_groups: []
    physical_nics: ${given.nics ?? "[{ name: vmnic2, speed_mbps: 10000, full_duplex: true }, { name: vmnic3, speed_mbps: 10000, full_duplex: true }]"}
distributed_switches:
  - name: dvs
    ${given.onSwitch ?? "lags: []"}
    hosts: [${given.member ?? "{ name: esxi01, uplinks: [vmnic2, vmnic3] }"}]
distributed_port_groups:
  - { name: media, distributed_switch: dvs, ${given.group} }
virtual_machines: []
`;
}
