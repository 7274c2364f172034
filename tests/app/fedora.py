"""What messages in the form of fedora-messaging are held against."""

import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "engine/app/package/schemas"
# Ours, as they are shipped, for the bodies.
SCHEMAS = {f"checkwatches.{name}.v1": json.loads((FOLDER / f"{name}.v1.json").read_text()) for name in ("change", "check")}
# What the library itself holds every message's headers against.
HEADERS = {
    "type": "object",
    "properties": {
        "fedora_messaging_severity": {"type": "number", "enum": [10, 20, 30, 40]},
        "fedora_messaging_schema": {"type": "string"},
        "sent-at": {"type": "string"},
    },
    "required": ["fedora_messaging_severity", "fedora_messaging_schema", "sent-at"],
}
