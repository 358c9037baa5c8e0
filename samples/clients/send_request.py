"""Hands a request over by AMQP 1.0 and waits for the reply.

Needs the library of Apache Qpid Proton: pip install python-qpid-proton (Debian, Ubuntu: python3-qpid-proton).
"""
import json
import sys

from proton import Message
from proton.utils import BlockingConnection

properties = sys.argv[1] if len(sys.argv) > 1 else "data/broker/client.properties"
with open(properties, encoding="latin-1") as file:
    client = dict(line.strip().replace("\\", "").split("=", 1) for line in file if "=" in line)

connection = BlockingConnection(client["url"].replace("tcp://", "amqp://"),
                                user=client["user"], password=client["password"], allowed_mechs="PLAIN")
replies = connection.create_receiver(None, dynamic=True)  # a queue of its own for the answer
request = {"managedDeviceId": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "serialNumber": "5CD1234ABC",
           "deprovisionReason": "retiring_device", "requestId": "leaver-4711"}
connection.create_sender("deprovision.requests").send(
    Message(id="leaver-4711", correlation_id="leaver-4711", body=json.dumps(request),
            reply_to=replies.link.remote_source.address))

reply = replies.receive(timeout=60)
replies.accept()
print(reply.correlation_id, json.loads(reply.body)["outcome"])
connection.close()
