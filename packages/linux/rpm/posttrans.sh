if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  if [ -e /run/deprovisioner.was-running ]; then
    rm -f /run/deprovisioner.was-running
    systemctl start deprovisioner.service ||
      echo "deprovisioner did not start again. See: journalctl -u deprovisioner" >&2
  fi
fi
exit 0
