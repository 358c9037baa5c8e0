getent passwd deprovisioner >/dev/null ||
  useradd --system --user-group --home-dir /var/lib/deprovisioner --no-create-home --shell /usr/sbin/nologin deprovisioner
# On an upgrade its jars go: it drains and ends first, and starts again afterwards.
if [ "$1" -gt 1 ] && [ -d /run/systemd/system ] && systemctl is-active --quiet deprovisioner.service; then
  touch /run/deprovisioner.was-running
  systemctl stop deprovisioner.service
fi
exit 0
