#!/usr/bin/env python3
"""Hands the verdict of a classifier to Vigia as an event of type ml_prediction.

VIGIA_URL and VIGIA_TOKEN (an operator's token: vigia token create ...) come from the environment:

    VIGIA_TOKEN=... ./post_prediction.py 203.0.113.9 0.93 "4 failed sign-ins a second"
"""
import json
import os
import sys
import urllib.request

THRESHOLD = 0.8  # what is less sure stays at home


def post_prediction(ip, probability, reason, **fields):
    """Returns the id of the event, or None when the classifier is not sure enough.

    The server completes the rest: confidence from 0 to 100, the severity (MEDIUM, HIGH from 0.9 on) and, with a
    database of countries, the country.
    """
    if probability < THRESHOLD:
        return None
    event = {"type": "ml_prediction", "ip": ip, "ml_confidence": probability, "reason": reason, **fields}
    request = urllib.request.Request(
        os.environ.get("VIGIA_URL", "http://127.0.0.1:5000") + "/api/v1/events",
        data=json.dumps(event).encode(),
        headers={"Authorization": "Bearer " + os.environ["VIGIA_TOKEN"], "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["ids"][0]


if __name__ == "__main__":
    address, sure, why = sys.argv[1:4]
    print(post_prediction(address, float(sure), why))
