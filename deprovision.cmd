@echo off
rem Starts the program: from a checkout, which it builds first when it must, or as bin\deprovision.cmd of a release.
setlocal EnableExtensions DisableDelayedExpansion
for %%f in ("%~dp0.") do set "home=%%~ff"

set "java=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "PATH=%JAVA_HOME%\bin;%PATH%"
set "version=0"
for /f "tokens=3" %%v in ('java -version 2^>^&1 ^| findstr /c:" version "') do set "version=%%~v"
for /f "delims=.-+" %%v in ("%version%") do set "version=%%v"
if %version% lss 17 (
  >&2 echo deprovision: needs Java 17 or newer: install a JDK, for example Eclipse Temurin 17, and put it on the PATH or in JAVA_HOME.
  exit /b 3
)

if exist "%home%\pom.xml" goto checkout
for %%f in ("%home%\..") do set "home=%%~ff"
set "lib=%home%\lib"
if "%~1"=="bench" (
  >&2 echo deprovision: bench is no part of a release: start it from a checkout of the source.
  exit /b 3
)

:start
set "collector=-XX:+UseSerialGC"
echo "%DEPROVISION_JAVA_OPTS%" | findstr /c:"-XX:+Use" >nul && set "collector="
set "classes="
if %version% geq 19 set "classes=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%lib%\classes.jsa" -Xlog:disable -Xlog:all=error:stderr"
rem Newer Javas warn of what Netty does with memory.
set "memory="
if %version% geq 23 set "memory=--sun-misc-unsafe-memory-access=allow"
for %%j in ("%lib%\deprovisioner-*.jar") do set "jar=%%~fj"
rem The goto to nowhere ends this script before Java runs: Ctrl-C then asks nobody whether to terminate a batch job.
endlocal & goto #nowhere# 2>nul || title %COMSPEC% & "%java%" -Xmx512m -XX:TieredStopAtLevel=1 %collector% %memory% -XX:+ExitOnOutOfMemoryError %classes% %DEPROVISION_JAVA_OPTS% -Dfile.encoding=UTF-8 "-Ddeprovision.home=%home%" -jar "%jar%" %*

:checkout
set "lib=%home%\.build\lib"
pushd "%home%"
powershell -NoProfile -Command "exit [int](-not (Test-Path .build\lib\built) -or [bool]((Get-Item pom.xml), (Get-ChildItem src\main, src\assembly -Recurse) | ForEach-Object { $_ } | Where-Object LastWriteTime -gt (Get-Item .build\lib\built).LastWriteTime))"
if %ERRORLEVEL% equ 0 goto built
call mvn -v 2>nul | findstr /r /c:"Apache Maven 3\.[89]" /c:"Apache Maven 3\.[1-9][0-9]" /c:"Apache Maven [4-9]" >nul || (
  >&2 echo deprovision: needs Maven 3.8 or newer to build: install Apache Maven and put it on the PATH.
  exit /b 3
)
>&2 echo Building Deprovisioner; the first time this takes a minute or two ...
set "new=%home%\.build\%RANDOM%%RANDOM%"
md "%new%" || exit /b 3
type nul >"%new%\built"
call mvn -q -B -Dmaven.test.skip -Dspotless.check.skip -Drelease.format=dir "-Dbuild.folder=%new%" package >&2 <nul || (
  rd /s /q "%new%"
  >&2 echo deprovision: could not be built, see above.
  exit /b 3
)
rem Windows lets go of no jar of a running service, nor renames its folder: the build before stays whole.
if exist "%lib%" ren "%lib%" lib.old 2>nul || (
  rd /s /q "%new%"
  >&2 echo deprovision: the program is running and cannot be replaced by what was built anew: stop it first.
  exit /b 3
)
for /d %%f in ("%new%\deprovisioner-*") do for /d %%g in ("%%f\deprovisioner-*") do move "%%g\lib" "%lib%" >nul
move "%new%\built" "%lib%\built" >nul
for %%f in ("%lib%.old" "%new%") do if exist "%%~f" rd /s /q "%%~f"

:built
popd
if not "%~1"=="bench" goto start
cd /d "%home%" && call mvn -q -B -Pbench -Dspotless.check.skip -Dbuild.folder=.build\bench "-Dbench.arguments=--home . --lib .build\lib %*" test-compile exec:exec
exit /b %ERRORLEVEL%
