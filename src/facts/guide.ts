/**
 * The section headings of the Pexip Infinity VMware Installation Guide v25 (document 25.a), in its order; those that
 * occur more than once are listed once.
 */
export const GUIDE_V25_SECTIONS = [
  "Configuring VMware for Pexip Infinity",
  "Supported ESXi versions",
  "Supported VMware editions",
  "Prerequisites",
  "Synchronizing time",
  "Using a static MAC address for the Management Node",
  "Reducing MTU with ESXi 6.7u2 and above",
  "Advanced VMware ESXi administration",
  "Management Node network requirements",
  "Permissions in vCenter Server (or on ESXi hosts)",
  "Host server requirements",
  "General recommendations",
  "Impact on virtual environment",
  "CPU",
  "Memory",
  "Storage",
  "Network",
  "Traffic shaping",
  "NIC teaming",
  "Upgrading VM hardware versions",
  "vMotion",
  "Enhanced vMotion Compatibility (EVC)",
  "vSphere High Availability",
  "Installing the Management Node",
  "Deploying the Management Node template",
  "Enabling automatic startup",
  "Running the installation wizard",
  "Opening a console window",
  "Initial platform configuration",
  "Accessing the Pexip Infinity Administrator interface",
  "Configuring the Pexip Infinity platform",
  "Adding a VM manager",
  "Automatically deploying a new Conferencing Node on a VMware host",
  "Deleting an automatically deployed Conferencing Node",
  "Disabling EVC",
  "Manually deploying a Conferencing Node on an ESXi host",
  "Testing and next steps after initial installation",
  "Making a test call",
  "Further configuration",
  "Integrating with a call control system",
  "Configuring the Pexip Infinity Distributed Gateway",
  "Registering devices directly to the Pexip Infinity platform",
  "Customizing the user experience",
  "Informing users about the new video conferencing service",
  "Pexip Infinity installation checklist",
  "Prior to installation",
  "Hypervisor / host servers",
  "Pexip Infinity Administrator interface",
  "Hypervisor maintenance",
  "Pexip Infinity configuration datasheet",
] as const;

type GuideSection = (typeof GUIDE_V25_SECTIONS)[number];

/** The source of a rule that follows from the installation guide: the section, and how binding its wording is. */
export function guide<Wording extends "must" | "strongly-recommended" | "recommended" | "derived">(
  section: GuideSection,
  wording: Wording,
) {
  return { document: "guide-v25", section, wording } as const;
}
