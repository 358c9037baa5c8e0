@echo off
rem Starts the program: from a checkout, which it builds first when it must, or as bin\deprovision.cmd of a release.
setlocal EnableExtensions DisableDelayedExpansion
for %%f in ("%~dp0.") do set "home=%%~ff"

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
if "%~1"=="bench" goto bench
set "options=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
set "collector=-XX:+UseSerialGC"
echo "%DEPROVISION_JAVA_OPTS%" | findstr /c:"-XX:+Use" >nul && set "collector="
for %%c in (run demo simulator submit plan) do if "%~1"=="%%c" set "options=-Xmx512m -XX:TieredStopAtLevel=1 %collector% -XX:+ExitOnOutOfMemoryError %DEPROVISION_JAVA_OPTS%"
for %%j in ("%lib%\deprovisioner-*.jar") do set "jar=%%~fj"
java %options% -Dfile.encoding=UTF-8 "-Ddeprovision.home=%home%" -jar "%jar%" %*
exit /b %ERRORLEVEL%

rem Each build has a folder of its own: Windows does not let go of the jars of a running service.
:checkout
set "builds=%home%\.build"
if not exist "%builds%\current" goto build
set "changed=(Get-Item pom.xml), (Get-ChildItem src\main, src\assembly -Recurse) | ForEach-Object { $_ }"
set "changed=%changed% | Where-Object LastWriteTime -gt (Get-Item .build\current).LastWriteTime"
pushd "%home%"
powershell -NoProfile -Command "exit [int][bool](%changed%)"
set "stale=%ERRORLEVEL%"
popd
if %stale% equ 0 goto built

:build
where javac >nul 2>&1 || (
  >&2 echo deprovision: needs a JDK to build: install a JDK 17 or newer, for example Eclipse Temurin 17, and put it on the PATH or in JAVA_HOME.
  exit /b 3
)
call mvn -v 2>nul | findstr /r /c:"Apache Maven 3\.[89]" /c:"Apache Maven 3\.[1-9][0-9]" /c:"Apache Maven [4-9]" >nul || (
  >&2 echo deprovision: needs Maven 3.8 or newer to build: install Apache Maven and put it on the PATH.
  exit /b 3
)
set "folder=%builds%\%RANDOM%%RANDOM%%RANDOM%"
md "%folder%" || exit /b 3
for %%f in ("%folder%") do >"%folder%\current" echo %%~nxf
>&2 echo Building Deprovisioner; the first time this takes a minute or two ...
pushd "%home%"
call mvn -q -B -Dmaven.test.skip -Dspotless.check.skip -Drelease.format=dir "-Dbuild.folder=%folder%\target" package >"%folder%.log" 2>&1 <nul
set "failed=%ERRORLEVEL%"
popd
if %failed% neq 0 (
  type "%folder%.log" >&2
  rd /s /q "%folder%"
  >&2 echo deprovision: could not be built, see above or "%folder%.log".
  exit /b 3
)
for /d %%f in ("%folder%\target\deprovisioner-*") do for /d %%g in ("%%f\deprovisioner-*") do move "%%g\lib" "%folder%\lib" >nul
rd /s /q "%folder%\target"
del "%folder%.log"
move /y "%folder%\current" "%builds%\current" >nul

:built
set /p name=<"%builds%\current"
set "lib=%builds%\%name%\lib"
rem What a running service uses cannot be renamed, and stays.
for /d %%f in ("%builds%\*") do if /i not "%%~nxf"=="%name%" if exist "%%f\lib" ren "%%f" "%%~nxf.old" 2>nul && rd /s /q "%%f.old"
goto start

rem The comparison is no part of the program: it is compiled beside it, with what it compares the program with.
:bench
>&2 echo Building the benchmark ...
pushd "%home%"
call mvn -q -B -Pbench -Dspotless.check.skip "-Dbuild.folder=%builds%\bench" test-compile >&2 <nul
set "failed=%ERRORLEVEL%"
popd
if %failed% neq 0 (
  >&2 echo deprovision: the benchmark could not be built, see above.
  exit /b 3
)
java -cp "%builds%\bench\test-classes;%builds%\bench\bench-lib\*" org.deprovisioner.bench.Bench --home "%home%" --lib "%lib%" %*
exit /b %ERRORLEVEL%
