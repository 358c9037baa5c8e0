#Requires -RunAsAdministrator
<#
.SYNOPSIS
Installs Deprovisioner as a Windows service from the folder of the release, or anew after an upgrade.
.DESCRIPTION
Unpack the release zip to a folder such as C:\Program Files\Deprovisioner, and start this
script there. The service runs as an account of its own, "NT SERVICE\Deprovisioner", which may read the program and
write the data folder, and nothing else. It is not started: set it up in config\application.properties first.
.PARAMETER Java
The folder of a Java 17 or newer; JAVA_HOME unless given.
.PARAMETER Data
The folder of all that is kept; data in the folder of the release unless given. Set deprovision.data to the same.
#>
[CmdletBinding()]
param(
    [string]$Java = $env:JAVA_HOME,
    [string]$Data = ''
)
$ErrorActionPreference = 'Stop'
$name = 'Deprovisioner'
$folder = Split-Path -Parent $PSScriptRoot
if (-not $Data) { $Data = Join-Path $folder 'data' }
$jvm = Join-Path $Java 'bin\server\jvm.dll'
if (-not $Java -or -not (Test-Path $jvm)) { throw "No Java in '$Java': name the folder of a Java 17 or newer with -Java." }
$jar = (Get-ChildItem (Join-Path $folder 'lib\deprovisioner-*.jar') | Select-Object -First 1).FullName
if (-not $jar) { throw "No lib\deprovisioner-*.jar in ${folder}: start this script in the folder windows of the release." }

function Invoke-Checked {
    & $args[0] @($args | Select-Object -Skip 1)
    if ($LASTEXITCODE -ne 0) { throw "$($args -join ' ') ended with $LASTEXITCODE." }
}

$prunsrv = Join-Path $PSScriptRoot 'amd64\prunsrv.exe'
if (Get-Service $name -ErrorAction SilentlyContinue) {
    Stop-Service $name
    Invoke-Checked $prunsrv "//DS//$name"
}
New-Item -ItemType Directory -Force $Data, (Join-Path $Data 'logs') | Out-Null

# Each line of the file is an argument; {home}, {jar}, {jvm} and {data} are the places above.
$arguments = Get-Content (Join-Path $PSScriptRoot 'service.arguments') |
    Where-Object { $_ -and -not $_.StartsWith('#') } |
    ForEach-Object { $_.Replace('{home}', $folder).Replace('{jar}', $jar).Replace('{jvm}', $jvm).Replace('{data}', $Data) }
Invoke-Checked $prunsrv "//IS//$name" @arguments
Invoke-Checked sc.exe config $name obj= "NT SERVICE\$name"
Invoke-Checked sc.exe sidtype $name unrestricted
# A crash is followed by a new start, three times in a day; wrong settings end the service without one.
Invoke-Checked sc.exe failure $name reset= 86400 actions= restart/10000/restart/60000/restart/600000

# Where errors are told to the event log from
if (-not [System.Diagnostics.EventLog]::SourceExists($name)) { New-EventLog -LogName Application -Source $name }

# SYSTEM (S-1-5-18) and Administrators (S-1-5-32-544) may do everything, the service may read; by identifiers, which are the
# same in every language. Nobody else: the settings may hold a secret.
Invoke-Checked icacls $folder /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' "NT SERVICE\${name}:(OI)(CI)RX" /q
Invoke-Checked icacls $Data /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' "NT SERVICE\${name}:(OI)(CI)F" /q

Write-Host "The service $name is installed and not started."
Write-Host "1. Set it up in $folder\config\application.properties"
Write-Host "2. $folder\bin\deprovision.cmd doctor     (as an administrator)"
Write-Host "3. Start-Service $name"
