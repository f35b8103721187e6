// A vCenter (or, with -esx, an ESXi host) to test against: govmomi's simulator with an estate of our own. Without
// -defects the estate is as the guide wants it; with it, each defect below stands in one place. Prints
// "URL https://…", and "CALL name" for each call of a method. It ends when its standard input does.
package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

var (
	esx     = flag.Bool("esx", false, "be an ESXi host")
	defects = flag.Bool("defects", false, "put the defects in")
	slow    = flag.Bool("slow", false, "take a minute to answer RetrievePropertiesEx")
	hosts   = flag.Int("hosts", 3, "hosts in the cluster")
	vms     = flag.Int("vms", 4, "virtual machines")
	cert    = flag.String("cert", "", "write the certificate to this file")
)

const gib = 1 << 30

func main() {
	flag.Parse()
	log.SetOutput(io.Discard)
	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	} else {
		model.Datacenter, model.Cluster, model.ClusterHost, model.Host = 1, 1, *hosts, 1
		model.Pool, model.Portgroup, model.Pod, model.Datastore = 1, 2, 1, 1
		// Half of them lie in the cluster's own pool, half on the host that stands alone.
		model.Machine = *vms
	}
	check(model.Create())
	defer model.Remove()
	if *esx {
		seedStandalone()
	} else {
		seed()
	}

	model.Service.TLS = &tls.Config{Certificates: []tls.Certificate{ownCertificate()}}
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword("reader@vsphere.local", "s3cret & <more>")}
	server := model.Service.NewServer()
	defer server.Close()
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		check(err)
		r.Body = io.NopCloser(bytes.NewReader(body))
		name := method(body)
		fmt.Println("CALL", name)
		if *slow && name == "RetrievePropertiesEx" {
			select {
			case <-time.After(time.Minute):
			case <-r.Context().Done():
				return
			}
		}
		inner.ServeHTTP(w, r)
	})
	if *cert != "" {
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		check(os.WriteFile(*cert, block, 0o600))
	}
	fmt.Printf("URL https://127.0.0.1:%s/sdk\n", server.URL.Port())
	_, _ = io.Copy(io.Discard, os.Stdin)
}

var bodyElement = regexp.MustCompile(`Body>\s*<(?:\w+:)?(\w+)`)

func method(body []byte) string {
	found := bodyElement.FindSubmatch(body)
	if found == nil {
		return "?"
	}
	return string(found[1])
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Objects of a type in the order of their names: the registry has none.
func all(kind string) []interface{} {
	found := map[string]interface{}{}
	names := []string{}
	for _, entity := range simulator.Map.All(kind) {
		found[entity.Entity().Name] = entity
		names = append(names, entity.Entity().Name)
	}
	sort.Strings(names)
	sorted := []interface{}{}
	for _, name := range names {
		sorted = append(sorted, found[name])
	}
	return sorted
}

func seed() {
	simulator.Map.All("Datacenter")[0].Entity().Name = "Oslo%2fDC"
	cluster := all("ClusterComputeResource")[0].(*simulator.ClusterComputeResource)
	cluster.Name = "vc-cluster"
	inCluster, number := 0, 0
	members := []*simulator.HostSystem{}
	for _, entity := range all("HostSystem") {
		host := entity.(*simulator.HostSystem)
		number++
		if host.Parent.Type == "ClusterComputeResource" {
			inCluster++
			host.Name = fmt.Sprintf("esxi%02d.example.com", inCluster)
			members = append(members, host)
		} else {
			host.Name = "esxi99.example.com"
		}
		host.Summary.Config.Name = host.Name
		seedHost(host)
	}
	seedSwitch(members)
	seedCluster(cluster)
	machines := []*simulator.VirtualMachine{}
	others := 0
	for _, entity := range all("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if host := simulator.Map.Get(*vm.Runtime.Host).(*simulator.HostSystem); host.Parent.Type == "ComputeResource" {
			others++
			vm.Name = fmt.Sprintf("other%02d", others)
		} else {
			machines = append(machines, vm)
		}
	}
	names := []string{"pexip-mgmt01", "pexip-conf01", "pexip-conf02"}
	for i, vm := range machines {
		vm.Name = fmt.Sprintf("template%02d", i)
		if i < len(names) {
			vm.Name = names[i]
		}
		vm.Runtime.Host = &members[i%len(members)].Self
		seedMachine(vm, i)
		// Templates do not run, and so take no host away from the nodes.
		vm.Config.Template = i >= len(names)
	}
	for _, entity := range all("Datastore") {
		store := entity.(*simulator.Datastore)
		store.Name = "ssd-01"
		ssd, local := true, false
		store.Summary.Type = "VMFS"
		store.Host = nil
		for _, host := range all("HostSystem") {
			store.Host = append(store.Host, types.DatastoreHostMount{Key: host.(*simulator.HostSystem).Self})
		}
		store.Info = &types.VmfsDatastoreInfo{Vmfs: &types.HostVmfsVolume{Ssd: &ssd, Local: &local}}
	}
	if *defects {
		seedDefects(cluster, members, machines)
	}
}

// The simulator has a host's clock by name only.
type hostClock struct {
	mo.HostDateTimeSystem
	ahead time.Duration
}

func (c *hostClock) QueryDateTime(*types.QueryDateTime) soap.HasFault {
	return &methods.QueryDateTimeBody{Res: &types.QueryDateTimeResponse{Returnval: time.Now().UTC().Add(c.ahead)}}
}

func setClock(host *simulator.HostSystem, ahead time.Duration) {
	clock := &hostClock{ahead: ahead}
	clock.Self = *host.ConfigManager.DateTimeSystem
	simulator.Map.Put(clock)
}

// The simulator has no services of hosts to start: these change what the host shows.
type hostServices struct {
	mo.HostServiceSystem
	host *simulator.HostSystem
}

func (s *hostServices) change(id string, change func(*types.HostService)) {
	for i := range s.host.Config.Service.Service {
		if service := &s.host.Config.Service.Service[i]; service.Key == id {
			change(service)
		}
	}
}

func (s *hostServices) StartService(request *types.StartService) soap.HasFault {
	s.change(request.Id, func(service *types.HostService) { service.Running = true })
	return &methods.StartServiceBody{Res: &types.StartServiceResponse{}}
}

func (s *hostServices) RestartService(request *types.RestartService) soap.HasFault {
	s.change(request.Id, func(service *types.HostService) { service.Running = true })
	return &methods.RestartServiceBody{Res: &types.RestartServiceResponse{}}
}

func (s *hostServices) UpdateServicePolicy(request *types.UpdateServicePolicy) soap.HasFault {
	s.change(request.Id, func(service *types.HostService) { service.Policy = request.Policy })
	return &methods.UpdateServicePolicyBody{Res: &types.UpdateServicePolicyResponse{}}
}

func seedHost(host *simulator.HostSystem) {
	on := true
	host.ConfigManager.DateTimeSystem = &types.ManagedObjectReference{Type: "HostDateTimeSystem", Value: "clock-" + host.Self.Value}
	setClock(host, 0)
	host.ConfigManager.ServiceSystem = &types.ManagedObjectReference{Type: "HostServiceSystem", Value: "services-" + host.Self.Value}
	services := &hostServices{host: host}
	services.Self = *host.ConfigManager.ServiceSystem
	simulator.Map.Put(services)
	host.Config.Product = types.AboutInfo{Version: "6.7.0", ApiVersion: "6.7.3", Build: "17499825"}
	host.Config.LockdownMode = types.HostLockdownModeLockdownNormal
	host.Config.HyperThread = &types.HostHyperThreadScheduleInfo{Available: true, Active: true}
	host.Config.DateTimeInfo = &types.HostDateTimeInfo{
		NtpConfig: &types.HostNtpConfig{Server: []string{"ntp1.example.com", "ntp2.example.com", "ntp3.example.com"}},
	}
	for i := range host.Config.Service.Service {
		if host.Config.Service.Service[i].Key == "ntpd" {
			host.Config.Service.Service[i].Running = true
			host.Config.Service.Service[i].Policy = "on"
		}
	}
	host.Config.Firewall = &types.HostFirewallInfo{Ruleset: []types.HostFirewallRuleset{{Key: "ntpClient", Enabled: true}}}
	host.Config.Option = []types.BaseOptionValue{
		&types.OptionValue{Key: "Annotations.WelcomeMessage", Value: "not for you"},
		&types.OptionValue{Key: "Net.Vmxnet3NonTsoPacketGtMtuAllowed", Value: int64(1)},
	}
	features := []types.HostFeatureCapability{
		{Key: "cpuid.AVX", FeatureName: "cpuid.AVX", Value: "1"},
		{Key: "cpuid.AVX2", FeatureName: "cpuid.AVX2", Value: "1"},
		{Key: "cpuid.AVX512F", FeatureName: "cpuid.AVX512F", Value: "1"},
	}
	host.Config.FeatureCapability = features
	host.Config.MaskedFeatureCapability = features
	host.Config.AutoStart = &types.HostAutoStartManagerConfig{Defaults: &types.AutoStartDefaults{Enabled: &on}}
	for i := range host.Config.Network.Pnic {
		host.Config.Network.Pnic[i].LinkSpeed = &types.PhysicalNicLinkInfo{SpeedMb: 10000, Duplex: true}
	}

	hardware := *host.Hardware
	hardware.CpuInfo = types.HostCpuInfo{NumCpuPackages: 2, NumCpuCores: 32, NumCpuThreads: 64, Hz: 2600000000}
	hardware.MemorySize = 128 * gib
	// One slice for all hosts, unless it is copied.
	hardware.CpuPkg = []types.HostCpuPackage{{Vendor: "intel", Description: "Intel(R) Xeon(R) Gold 6142 CPU @ 2.60GHz"}}
	host.Hardware = &hardware
	host.Summary.Hardware.CpuModel = "Intel(R) Xeon(R) Gold 6142 CPU @ 2.60GHz"
	host.Summary.MaxEVCModeKey = "intel-skylake"
	host.Summary.CurrentEVCModeKey = "intel-skylake"
	if host.Parent.Type == "ComputeResource" {
		host.Summary.CurrentEVCModeKey = ""
	}
}

func seedCluster(cluster *simulator.ClusterComputeResource) {
	on := true
	cluster.Summary.(*types.ClusterComputeResourceSummary).CurrentEVCModeKey = "intel-skylake"
	config := cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
	config.DasConfig.Enabled = &on
	config.DasConfig.DefaultVmSettings = &types.ClusterDasVmSettings{RestartPriority: "medium"}
	config.DrsConfig.Enabled = &on
	config.DrsConfig.DefaultVmBehavior = types.DrsBehaviorPartiallyAutomated
}

func seedSwitch(members []*simulator.HostSystem) {
	dvs := simulator.Map.All("DistributedVirtualSwitch")[0].(*simulator.DistributedVirtualSwitch)
	dvs.Name = "dvs-core"
	info := dvs.Config.(*types.VMwareDVSConfigInfo)
	info.MaxMtu = 1500
	for _, host := range members {
		host.Config.Network.ProxySwitch = []types.HostProxySwitch{{
			DvsUuid: dvs.Uuid, DvsName: "dvs-core",
			Pnic: []string{"key-vim.host.PhysicalNic-vmnic0", "key-vim.host.PhysicalNic-vmnic1"},
		}}
	}
	for _, entity := range simulator.Map.All("DistributedVirtualPortgroup") {
		group := entity.(*simulator.DistributedVirtualPortgroup)
		off := types.BoolPolicy{Value: types.NewBool(false)}
		setting := &types.VMwareDVSPortSetting{
			DVPortSetting: types.DVPortSetting{
				InShapingPolicy:  &types.DVSTrafficShapingPolicy{Enabled: &off},
				OutShapingPolicy: &types.DVSTrafficShapingPolicy{Enabled: &off},
			},
			Vlan: &types.VmwareDistributedVirtualSwitchVlanIdSpec{VlanId: 110},
			UplinkTeamingPolicy: &types.VmwareUplinkPortTeamingPolicy{
				Policy: &types.StringPolicy{Value: "loadbalance_srcid"},
			},
		}
		if group.Name == "DC0_DVPG0" {
			group.Name = "dv-conferencing"
		} else {
			setting.Vlan = &types.VmwareDistributedVirtualSwitchTrunkVlanSpec{
				VlanId: []types.NumericRange{{Start: 0, End: 4094}},
			}
		}
		group.Config.Name = group.Name
		group.Config.DefaultPortConfig = setting
		group.Config.Policy = &types.VMwareDVSPortgroupPolicy{}
	}
}

func seedMachine(vm *simulator.VirtualMachine, i int) {
	off, locked := false, true
	none := int64(-1)
	vm.Config.Version = "vmx-15"
	vm.Config.Hardware.NumCPU = 4
	vm.Config.Hardware.NumCoresPerSocket = 4
	vm.Config.Hardware.MemoryMB = 4096
	mhz, mb := int64(4*2600), int64(4096)
	vm.Config.CpuAllocation = &types.ResourceAllocationInfo{Reservation: &mhz, Limit: &none}
	vm.Config.MemoryAllocation = &types.ResourceAllocationInfo{Reservation: &mb, Limit: &none}
	vm.Config.MemoryReservationLockedToMax = &locked
	vm.Config.Tools = &types.ToolsConfigInfo{SyncTimeWithHost: &off}
	vm.Config.ExtraConfig = []types.BaseOptionValue{&types.OptionValue{Key: "guestinfo.secret", Value: "hunter2"}}
	vm.Runtime.MinRequiredEVCModeKey = "intel-skylake"
	// The simulator looks the datastore of a file up by its name.
	renamed := func(path string) string { return strings.Replace(path, "[LocalDS_0]", "[ssd-01]", 1) }
	vm.Config.Files.VmPathName = renamed(vm.Config.Files.VmPathName)
	vm.Config.Files.SnapshotDirectory = renamed(vm.Config.Files.SnapshotDirectory)
	vm.Config.Files.SuspendDirectory = renamed(vm.Config.Files.SuspendDirectory)
	vm.Config.Files.LogDirectory = renamed(vm.Config.Files.LogDirectory)
	for j := range vm.LayoutEx.File {
		vm.LayoutEx.File[j].Name = renamed(vm.LayoutEx.File[j].Name)
	}
	vm.Guest.Net = []types.GuestNicInfo{{IpAddress: []string{fmt.Sprintf("10.44.10.%d", 20+i)}}}
	for j, device := range vm.Config.Hardware.Device {
		switch old := device.(type) {
		case *types.VirtualDisk:
			backing := old.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			backing.ThinProvisioned = &off
			backing.FileName = renamed(backing.FileName)
			old.CapacityInKB = 99 * 1024 * 1024
		case *types.VirtualE1000:
			// The same struct stands in every machine.
			card := old.VirtualEthernetCard
			card.MacAddress = fmt.Sprintf("00:50:56:2a:00:%02x", i%256)
			card.AddressType = "manual"
			vm.Config.Hardware.Device[j] = &types.VirtualVmxnet3{VirtualVmxnet: types.VirtualVmxnet{VirtualEthernetCard: card}}
		}
	}
}

// Each of them is found by rules of its own: see vcsim.test.ts.
func seedDefects(cluster *simulator.ClusterComputeResource, members []*simulator.HostSystem, machines []*simulator.VirtualMachine) {
	on := true
	setClock(members[0], -5*time.Second)
	// NTP: one server, ntpd stopped and started by hand only.
	members[0].Config.DateTimeInfo.NtpConfig.Server = []string{"ntp1.example.com"}
	for i := range members[0].Config.Service.Service {
		if members[0].Config.Service.Service[i].Key == "ntpd" {
			members[0].Config.Service.Service[i].Running = false
			members[0].Config.Service.Service[i].Policy = "off"
		}
	}
	members[1].Config.LockdownMode = types.HostLockdownModeLockdownDisabled
	members[1].Runtime.InMaintenanceMode = true
	// A host that vCenter has no connection to: what it had may be old.
	members[2].Runtime.ConnectionState = types.HostSystemConnectionStateDisconnected
	members[2].Config = nil
	members[2].Hardware = nil
	// Teaming by IP hash, and shaping.
	for _, entity := range simulator.Map.All("DistributedVirtualPortgroup") {
		group := entity.(*simulator.DistributedVirtualPortgroup)
		if group.Name == "dv-conferencing" {
			setting := group.Config.DefaultPortConfig.(*types.VMwareDVSPortSetting)
			setting.UplinkTeamingPolicy.Policy.Value = "loadbalance_ip"
			setting.InShapingPolicy = &types.DVSTrafficShapingPolicy{Enabled: &types.BoolPolicy{Value: &on}}
		}
	}
	// HA leaves one node where it is; an EVC mode without AVX.
	config := cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
	config.DasVmConfig = []types.ClusterDasVmConfigInfo{{
		Key: machines[2].Self, DasSettings: &types.ClusterDasVmSettings{RestartPriority: "disabled"},
	}}
	cluster.Summary.(*types.ClusterComputeResourceSummary).CurrentEVCModeKey = "intel-westmere"
	machines[1].Config.Version = "vmx-07"
	// An object of its own, so that it can be removed.
	snapshot := &simulator.VirtualMachineSnapshot{}
	snapshot.Self = types.ManagedObjectReference{Type: "VirtualMachineSnapshot", Value: "snapshot-before"}
	snapshot.Vm = machines[1].Self
	simulator.Map.Put(snapshot)
	machines[1].Snapshot = &types.VirtualMachineSnapshotInfo{
		RootSnapshotList: []types.VirtualMachineSnapshotTree{{Snapshot: snapshot.Self, Vm: snapshot.Vm, Name: "before"}},
	}
	for _, device := range machines[1].Config.Hardware.Device {
		if disk, ok := device.(*types.VirtualDisk); ok {
			disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo).ThinProvisioned = &on
		}
	}
	// Too little, and too much, of what a node has by its settings.
	limit, none := int64(1000), int64(0)
	machines[2].Config.CpuAllocation = &types.ResourceAllocationInfo{Reservation: &none, Limit: &limit}
	machines[2].Config.MemoryAllocation = &types.ResourceAllocationInfo{Reservation: &none, Limit: &limit}
	machines[2].Config.MemoryReservationLockedToMax = new(bool)
	machines[2].Config.Tools = &types.ToolsConfigInfo{SyncTimeWithHost: &on}
	config.DrsVmConfig = []types.ClusterDrsVmConfigInfo{{
		Key: machines[2].Self, Enabled: &on, Behavior: types.DrsBehaviorFullyAutomated,
	}}
	for _, device := range machines[0].Config.Hardware.Device {
		if card, ok := device.(*types.VirtualVmxnet3); ok {
			card.AddressType = "generated"
		}
	}
}

func seedStandalone() {
	host := all("HostSystem")[0].(*simulator.HostSystem)
	seedHost(host)
	host.Summary.MaxEVCModeKey = ""
	host.Summary.CurrentEVCModeKey = ""
	for i, entity := range all("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		vm.Name = fmt.Sprintf("pexip-conf%02d", i+1)
		seedMachine(vm, i)
	}
}
