"""Shows how often each operation gave which status; fails if one never succeeded."""
import json
import sys

# There is no Mercure hub.
NEVER = ["GET /rest/v3/mercure-info"]

with open(sys.argv[1]) as file:
    statuses = json.load(file)
failed = []
for operation, counts in statuses.items():
    print(f"{operation:64}", *(f"{status}×{count}" for status, count in sorted(counts.items())))
    if operation not in NEVER and not any(status < "400" for status in counts):
        failed.append(operation)
if failed or not statuses:
    sys.exit("never succeeded: " + ", ".join(failed))
