"""Manifests of objects, as their writers have them."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from urllib.parse import quote_plus

from tests.process.prefix_goods import Goods, sources
from tests.process.rig import Rig, until


def put(rig: Rig, goods: Goods, name: str, body: str | bytes) -> str:
    """Write a manifest beside the goods and return where it is."""
    key = f"{goods.top}/{name}"
    rig.s3.put_object(Bucket=goods.bucket, Key=key, Body=body)
    return f"s3://{goods.bucket}/{key}"


def hold(rig: Rig, goods: Goods, condition: Callable[[], object]) -> None:
    """Have the second page of `list` be read when the condition holds."""
    key = f"{goods.top}/list"
    late = rig.gateway.when("GetObject", times=1).where(lambda request: request.key == key)
    # Two reads are of its form, one is of the first page.
    late.only_if(lambda: sum(each.key == key for each in rig.gateway.seen("GetObject")) > 3)
    late.call(lambda: until(condition))


def batch_csv(goods: Goods, names: Iterable[str]) -> str:
    """Return the lines that S3 Batch Operations takes: bucket and key, no ETags."""
    keys = (quote_plus(f"{goods.top}/from/{name}", safe="/") for name in names)
    return "".join(f"{goods.bucket},{key}\r\n" for key in keys)


def json_lines(rig: Rig, goods: Goods, names: Iterable[str]) -> str:
    """Return lines that say all that a listing says."""
    etags = sources(rig, goods)
    return "".join(
        json.dumps(
            {
                "key": f"{goods.top}/from/{name}",
                "size": len(goods.bodies[name]),
                "etag": etags[name],
                "storageclass": "STANDARD",
            }
        )
        + "\n"
        for name in names
    )


def inventory(rig: Rig, goods: Goods, parts: Iterable[Iterable[str]], **more: object) -> str:
    """Write an S3 Inventory of several files; return where its manifest.json is."""
    etags, files = sources(rig, goods), []
    for number, names in enumerate(parts):
        text = io.StringIO()
        rows = csv.writer(text, quoting=csv.QUOTE_ALL)
        for name in names:
            key = quote_plus(f"{goods.top}/from/{name}", safe="/")
            rows.writerow([goods.bucket, key, len(goods.bodies[name]), etags[name], "STANDARD"])
        rows.writerow([goods.bucket, "elsewhere/x", 1, "e", "STANDARD"])
        body = gzip.compress(text.getvalue().encode())
        place = put(rig, goods, f"inventory/data/{number}.csv.gz", body)
        key = place.removeprefix(f"s3://{goods.bucket}/")
        files.append({"key": key, "size": len(body), "MD5checksum": "?"})
    found = {
        "sourceBucket": goods.bucket,
        "destinationBucket": f"arn:aws:s3:::{goods.bucket}",
        "version": "2016-11-30",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size, ETag, StorageClass",
        "files": files,
        **more,
    }
    return put(rig, goods, "inventory/manifest.json", json.dumps(found, indent=4))
