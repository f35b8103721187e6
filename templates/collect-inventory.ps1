<#
.SYNOPSIS
  Reads a vSphere estate with PowerCLI and writes it into one JSON file for infinity-preflight. Changes nothing.

.DESCRIPTION
  For sites where only PowerCLI is allowed. Needs VMware.PowerCLI (or VCF.PowerCLI) and an account with the role Read-only,
  with propagation. Works in Windows PowerShell 5.1 and in PowerShell 7.

    Connect-VIServer vcenter01.vc.example.com
    .\collect-inventory.ps1 -Output inventory-powercli.json
    preflight deployment.yaml --inventory inventory-powercli.json

.PARAMETER Output
  The file that is written.

.PARAMETER Server
  The connection to read, when there are several.
#>
param(
  [string]$Output = 'inventory-powercli.json',
  $Server = $global:DefaultVIServer
)

$ErrorActionPreference = 'Stop'
if ($null -eq $Server) { throw 'Connect first: Connect-VIServer NAME' }

# What the rules read, by type. Types include their subtypes.
$properties = [ordered]@{
  Folder                      = 'name', 'parent'
  Datacenter                  = 'name', 'parent'
  ComputeResource             = 'name', 'parent', 'host', 'configurationEx', 'summary'
  ResourcePool                = 'name', 'parent'
  HostSystem                  = 'name', 'parent', 'vm', 'runtime.connectionState', 'runtime.inMaintenanceMode',
  'summary.config.product', 'summary.hardware', 'summary.managementServerIp', 'summary.maxEVCModeKey',
  'summary.currentEVCModeKey', 'hardware.cpuInfo', 'hardware.cpuPkg', 'hardware.memorySize', 'config.adminDisabled',
  'config.autoStart', 'config.dateTimeInfo', 'config.featureCapability', 'config.firewall.ruleset', 'config.hyperThread',
  'config.lockdownMode', 'config.maskedFeatureCapability', 'config.network.pnic', 'config.network.portgroup',
  'config.network.proxySwitch', 'config.network.vswitch', 'config.option', 'config.product', 'config.service'
  DistributedVirtualSwitch    = 'name', 'parent', 'uuid', 'config', 'summary.hostMember'
  DistributedVirtualPortgroup = 'name', 'parent', 'key', 'config.backingType', 'config.distributedVirtualSwitch',
  'config.defaultPortConfig', 'config.policy'
  OpaqueNetwork               = 'name', 'summary'
  Datastore                   = 'name', 'parent', 'summary.type', 'info', 'host', 'vm'
  StoragePod                  = 'name', 'parent'
  VirtualMachine              = 'name', 'parent', 'runtime.connectionState', 'runtime.host', 'runtime.minRequiredEVCModeKey',
  'runtime.powerState', 'config.cpuAllocation', 'config.extraConfig', 'config.hardware.device',
  'config.hardware.memoryMB', 'config.hardware.numCoresPerSocket', 'config.hardware.numCPU',
  'config.memoryAllocation', 'config.memoryReservationLockedToMax', 'config.template', 'config.tools', 'config.uuid',
  'config.version', 'guest.ipAddress', 'guest.net', 'snapshot'
}

# Settings that may hold secrets: only these keys are kept.
$kept = @{
  'config.option'                  = @('Net.Vmxnet3NonTsoPacketGtMtuAllowed')
  'config.extraConfig'             = @('numa.nodeAffinity')
  'config.firewall.ruleset'        = @('ntpClient', 'ptpd')
  'config.featureCapability'       = @('cpuid.AVX', 'cpuid.AVX2', 'cpuid.AVX512F')
  'config.maskedFeatureCapability' = @('cpuid.AVX', 'cpuid.AVX2', 'cpuid.AVX512F')
}

# Properties that vSphere leaves unset where there is none, by one that is read with the same privilege: where that is there,
# null is written for them. All other properties that a view does not have are left out, which means unknown.
$unset = @{
  'runtime.minRequiredEVCModeKey' = 'runtime'
  'snapshot'                      = 'runtime'
  'summary.currentEVCModeKey'     = 'summary.hardware'
  'summary.managementServerIp'    = 'summary.hardware'
  'summary.maxEVCModeKey'         = 'summary.hardware'
}

# Plain data: enumerations as words, references as type and value, the type of each object by its name.
function ConvertTo-Data($value) {
  if ($null -eq $value) { return $null }
  if ($value -is [string] -or $value -is [bool]) { return $value }
  if ($value -is [enum]) { return $value.ToString() }
  if ($value -is [datetime]) { return $value.ToUniversalTime().ToString('o') }
  if ($value -is [ValueType]) { return $value }
  if ($value -is [VMware.Vim.ManagedObjectReference]) { return [ordered]@{ type = $value.Type; value = $value.Value } }
  if ($value -is [System.Collections.IEnumerable]) {
    $list = New-Object System.Collections.ArrayList
    foreach ($item in $value) { [void]$list.Add((ConvertTo-Data $item)) }
    return , $list.ToArray()
  }
  $data = [ordered]@{ _typeName = $value.GetType().Name }
  foreach ($property in $value.PSObject.Properties) {
    if ($property.MemberType -ne 'Property' -or $null -eq $property.Value) { continue }
    if ($property.Name -in 'LinkedView', 'Client', 'MoRef') { continue }
    $data[$property.Name] = ConvertTo-Data $property.Value
  }
  return $data
}

function Get-Path($view, [string]$path) {
  $value = $view
  foreach ($step in $path.Split('.')) {
    if ($null -eq $value) { return $null }
    $value = $value.$step
  }
  if ($null -ne $value -and $kept.ContainsKey($path)) { $value = @($value | Where-Object { $_.Key -in $kept[$path] }) }
  return , $value
}

$content = $Server.ExtensionData.Content
$objects = New-Object System.Collections.ArrayList
$clocks = New-Object System.Collections.ArrayList
$seen = @{}

# The root folder is in no view of itself.
$views = @(Get-View -Server $Server -Id $content.RootFolder -Property name)
foreach ($type in $properties.Keys) {
  $views += @(Get-View -Server $Server -ViewType $type -Property $properties[$type])
}
foreach ($view in $views) {
  $id = $view.MoRef.Value
  if ($seen.ContainsKey($id)) { continue }
  $seen[$id] = $true
  $type = $view.MoRef.Type
  $asked = $properties[$type]
  if ($null -eq $asked) {
    $asked = @('name', 'parent')
    if ($view -is [VMware.Vim.ComputeResource]) { $asked = $properties.ComputeResource }
    if ($view -is [VMware.Vim.DistributedVirtualSwitch]) { $asked = $properties.DistributedVirtualSwitch }
    if ($view -is [VMware.Vim.ResourcePool]) { $asked = $properties.ResourcePool }
  }
  $propSet = New-Object System.Collections.ArrayList
  foreach ($path in $asked) {
    $value = Get-Path $view $path
    if ($null -ne $value) { [void]$propSet.Add([ordered]@{ name = $path; val = (ConvertTo-Data $value) }) }
    elseif ($unset.ContainsKey($path) -and $null -ne (Get-Path $view $unset[$path])) {
      [void]$propSet.Add([ordered]@{ name = $path; val = $null })
    }
  }
  [void]$objects.Add([ordered]@{ obj = [ordered]@{ type = $type; value = $id }; propSet = $propSet.ToArray() })
}

# How far the clock of each host is from this machine's, taking the middle of the call for the host's time.
$states = @('runtime.connectionState', 'configManager.dateTimeSystem')
foreach ($vmhost in Get-View -Server $Server -ViewType HostSystem -Property $states) {
  if ($vmhost.Runtime.ConnectionState -ne 'connected') { continue }
  $offset = $null
  try {
    $system = Get-View -Server $Server -Id $vmhost.ConfigManager.DateTimeSystem
    $before = [datetime]::UtcNow
    $time = $system.QueryDateTime().ToUniversalTime()
    $after = [datetime]::UtcNow
    if (($after - $before).TotalMilliseconds -lt 1000) {
      $offset = [math]::Round(($time - $before).TotalMilliseconds - ($after - $before).TotalMilliseconds / 2)
    }
  }
  catch { Write-Warning "$($vmhost.MoRef.Value) did not return its time: $_" }
  [void]$clocks.Add([ordered]@{ host = $vmhost.MoRef.Value; offsetMs = $offset })
}

$result = [ordered]@{
  collector   = 'collect-inventory.ps1'
  collectedAt = [datetime]::UtcNow.ToString('s', [System.Globalization.CultureInfo]::InvariantCulture) + 'Z'
  server      = $Server.Name
  about       = [ordered]@{
    apiType      = $content.About.ApiType
    version      = $content.About.Version
    instanceUuid = $content.About.InstanceUuid
  }
  objects     = $objects.ToArray()
  hostClocks  = $clocks.ToArray()
}
try {
  $manager = Get-View -Server $Server -Id $content.AuthorizationManager
  $result.roles = ConvertTo-Data $manager.RoleList
  $result.permissions = ConvertTo-Data $manager.RetrieveAllPermissions()
}
catch { Write-Warning "Permissions are not included: $_" }

$json = ConvertTo-Json -InputObject $result -Depth 100 -Compress
# .NET has a current folder of its own; this is the file that $Output means in PowerShell.
$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
[System.IO.File]::WriteAllText($file, $json, (New-Object System.Text.UTF8Encoding $false))
Write-Host "$($objects.Count) objects written to $Output"
