"""A consumer that stays, and comes back when the broker does."""

import json
import threading
import time

import pika


def connect(port, user="guest", password="guest"):
    return pika.BlockingConnection(
        pika.ConnectionParameters("127.0.0.1", port, credentials=pika.PlainCredentials(user, password), heartbeat=30))


class Message:
    def __init__(self, method, properties, body):
        self.topic = method.routing_key
        self.exchange = method.exchange
        self.properties = properties
        self.headers = properties.headers
        self.id = properties.message_id
        self.body = json.loads(body.decode("utf-8"))

    @property
    def bug(self):
        return self.body["tracker"], self.body["remote_id"]


class Consumer:
    """Binds a durable queue to an exchange, and keeps all that comes, again where it comes again."""

    def __init__(self, port, queue, exchange="amq.topic", topics="#", arguments=None, paused=False):
        self.port, self.queue = port, queue
        self.messages = []
        self.closing = False
        channel = connect(port).channel()
        channel.queue_declare(queue, durable=True, arguments=arguments)
        channel.queue_bind(queue, exchange, topics)
        channel.connection.close()
        self.thread = threading.Thread(target=self.run, daemon=True)
        if not paused:
            self.thread.start()

    def run(self):
        while not self.closing:
            try:
                self.consume()
            except pika.exceptions.AMQPError:
                time.sleep(0.2)

    def consume(self):
        channel = connect(self.port).channel()
        channel.basic_qos(prefetch_count=50)
        for method, properties, body in channel.consume(self.queue, inactivity_timeout=0.1):
            if method is not None:
                self.messages.append(Message(method, properties, body))
                channel.basic_ack(method.delivery_tag)
            if self.closing:
                channel.connection.close()
                return

    def close(self):
        self.closing = True
        if self.thread.is_alive():
            self.thread.join(timeout=60)
        channel = connect(self.port).channel()
        channel.queue_delete(self.queue)
        channel.connection.close()

    def changes(self):
        return [m for m in list(self.messages) if "change_id" in m.body]

    def checks(self):
        return [m for m in list(self.messages) if "check_id" in m.body]
