#Requires -RunAsAdministrator
<#
.SYNOPSIS
Stops the service Deprovisioner, which drains, and removes it. Settings and data stay.
#>
$ErrorActionPreference = 'Stop'
$name = 'Deprovisioner'
if (Get-Service $name -ErrorAction SilentlyContinue) {
    Stop-Service $name
    & (Join-Path $PSScriptRoot 'amd64\prunsrv.exe') "//DS//$name"
    if ($LASTEXITCODE -ne 0) { throw "prunsrv //DS//$name ended with $LASTEXITCODE." }
}
if ([System.Diagnostics.EventLog]::SourceExists($name)) { Remove-EventLog -Source $name }
Write-Host "The service $name is removed. Its settings and data are where they were."
