"""A second opinion of what belongs to the public internet: Python's ipaddress, and the rules of names written once more.

The first line tells the listed differences; each further line is a batch of [scheme, userinfo, host, port, length], and is
answered by one line of [code, difference]. A difference is only named where Python calls an address public.
"""
import ipaddress
import json
import string
import sys

LETTERS = set(string.ascii_lowercase + string.digits + "-_")
INSIDE = {"localhost", "localdomain", "localdomain4", "localdomain6", "local", "internal", "intranet", "lan", "home", "corp", "private"}


def is_public(address):
    if not address.is_global or address.is_private or address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local or address.is_unspecified:
        return False
    if address.version == 4:
        return True
    return not address.is_site_local and address.ipv4_mapped is None and address.sixtofour is None and address.teredo is None


def judge(scheme, userinfo, host, port, length):
    if scheme not in ("http:", "https:") or userinfo or length > 8192:
        return "bad_url", ""
    bare = (host[1:-1] if host.startswith("[") else host).removesuffix(".")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        labels = bare.split(".")
        if len(bare) > 253 or any(not 1 <= len(label) <= 63 or not LETTERS.issuperset(label) for label in labels):
            return "bad_url", ""
        if len(labels) == 1 or labels[-1] in INSIDE or labels[-2:] == ["home", "arpa"]:
            return "private_address", ""
        return ("" if port in (80, 443) else "bad_port"), ""
    if not is_public(address):
        return "private_address", ""
    number = int(address)
    listed = next((name for version, value, mask, name in differences if version == address.version and number & mask == value), "")
    return ("" if port in (80, 443) else "bad_port"), listed


def read_range(name, text):
    value, mask = text.split("/")
    if ":" in mask:
        return 6, int(ipaddress.ip_address(value)), int(ipaddress.ip_address(mask)), name
    network = ipaddress.ip_network(text)
    return network.version, int(network.network_address), int(network.netmask), name


differences = [read_range(name, text) for name, texts in json.loads(sys.stdin.readline()).items() for text in texts]
print(json.dumps(sys.version.split()[0]), flush=True)
for line in sys.stdin:
    print(json.dumps([judge(*one) for one in json.loads(line)]), flush=True)
