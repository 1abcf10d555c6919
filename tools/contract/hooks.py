"""What schemathesis cannot read in openapi.yaml: what an archive is, and what the metadata's words have to mean."""

import functools
import gzip
import io
import json
import os
import re
import tarfile
import uuid
from xml.etree import ElementTree

import jsonschema_rs
import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

URL, TOKEN = os.environ["TRUNK_REGISTRY_URL"], os.environ["TRUNK_API_TOKEN"]
ARCHITECTURES = ("x86_64", "aarch64", "ppc64le", "s390x", "riscv64")


def archive(name, version, extension=None, postgres=17, architecture="x86_64"):
    """The same .tar.gz for the same arguments, since other bytes for what is published are refused."""
    extension = extension or name[:63]  # PostgreSQL's limit
    control, script = f"extension/{extension}.control", f"extension/{extension}--1.0.sql"
    manifest = {
        "name": name,
        "extension_name": None,
        "version": version,
        "manifest_version": 2,
        "sys": "linux",
        "architecture": architecture,
        "pg_version": postgres,
        "files": {control: {"type": "control-file"}, script: {"type": "sql-file"}},
    }
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tape:
            for path, text in {
                control: "default_version = '1.0'\ncomment = 'contract test'\nrelocatable = true\n",
                script: "SELECT 1;\n",
                "README.md": "# " + name + "\n",
                "manifest.json": json.dumps(manifest),
            }.items():
                data = text.encode()
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                tape.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def archive_for(metadata):
    """An archive that agrees with the metadata, spread over majors and platforms."""
    name, version = metadata["name"], metadata["vers"]
    number = sum((name + version).encode())
    return archive(name, version, postgres=13 + number % 6, architecture=ARCHITECTURES[number % len(ARCHITECTURES)])


def sensible(metadata):
    """Valid metadata whose words mean something too."""
    metadata = dict(metadata)
    if len(json.dumps(metadata)) > 256 << 10:
        metadata = {"name": metadata["name"], "vers": metadata["vers"]}
    if metadata["name"].isalpha():
        metadata["name"] = metadata["name"][:63] + "_"  # all words of the registry's own addresses are letters only
    for key in ("documentation", "homepage", "repository"):
        text = metadata.get(key)
        if text and re.search("[:/%]", text) and not re.fullmatch(r"https?://[a-z.]+(/[\w.-]*)*", text, re.ASCII):
            metadata[key] = ("https://example.org/" + re.sub(r"\W", "-", text, flags=re.ASCII))[:2048]
    if metadata.get("categories"):
        metadata["categories"] = ["orchestration", "machine_learning"][: len(metadata["categories"])]
    return metadata


def hooked(*operations):
    return schemathesis.hook("before_call").apply_to(operation_id=list(operations))


@schemathesis.deserializer("application/atom+xml")
def feed(context, response):
    """The contract has a feed as text; that it is XML is seen here."""
    ElementTree.fromstring(response.content)
    return response.text


@schemathesis.hook
def before_load_schema(context, raw_schema):
    links = raw_schema["components"]["responses"]["Projects"]["links"]
    # A download's link ends in the file's name; OpenAPI's own expressions cannot take it out of there.
    links["archive"] = {
        "operationId": "downloadArtefact",
        "parameters": {
            "name": "$response.body#/0/name",
            "version": "$response.body#/0/version",
            "file": "$response.body#/0/downloads/0/link#regex:([^/]+)$",
        },
    }
    for link in links.values():
        link["x-schemathesis"] = {"is_inferred": True}  # an empty list leads nowhere, which is nothing to report
    # The project that the contract's examples are about, and one of somebody else.
    publish(TOKEN, "pgvector", "0.8.0", "vector")
    publish(TOKEN, "pgvector", "0.8.1", "vector")
    publish(other(), "carols", "1.0.0")
    # From here on the address is known that whoever tests has.
    call("POST", "/token/new", os.environ["TRUNK_OWN_SIGN_IN"])


def call(method, path, token=TOKEN, **kwargs):
    answer = requests.request(method, URL + path, headers={"Authorization": "Bearer " + token}, timeout=30, **kwargs)
    if answer.status_code not in (404, 409):
        answer.raise_for_status()
    return answer


def publish(token, name, version, extension=None):
    metadata = json.dumps({"name": name, "vers": version})
    packed = archive(name, version, extension)
    call("POST", "/extensions/new", token, files={
        "metadata": (None, metadata, "application/json"), "file": ("a.tar.gz", packed, "application/gzip"),
    })


@functools.cache
def other():
    """The token of carol, who signs in."""
    return call("POST", "/token/new", os.environ["TRUNK_SIGN_IN"]).text


@hooked("revokeToken")
def spare_token(context, case, kwargs):
    """The token that all this is done with stays."""
    if case.path_parameters.get("id") == call("GET", "/api/v1/me").json()["token"]["id"]:
        case.path_parameters["id"] = call("POST", "/api/v1/tokens", json={"name": "spare"}).json()["id"]


@hooked("deleteProject", "deleteVersion", "removeProject")
def spare_project(context, case, kwargs):
    """So do the projects."""
    parameters = case.path_parameters
    if str(parameters.get("name")).lower() not in ("pgvector", "carols"):
        return
    parameters["name"] = "spare_" + uuid.uuid4().hex
    publish(TOKEN, parameters["name"], "0.8.0")


@hooked("acceptInvitation", "declineInvitation")
def invite(context, case, kwargs):
    """There is an invitation, however many were accepted and declined."""
    if str(case.path_parameters.get("name")).lower() == "carols":
        call("DELETE", "/api/v1/trunk-projects/carols/owners/dev", other())
        call("POST", "/api/v1/trunk-projects/carols/owners", other(), json={"user": "dev"})


@hooked("removeOwner", "withdrawInvitation")
def asked(context, case, kwargs):
    """There is somebody to take it from, and both keep their own."""
    parameters = case.path_parameters
    if str(parameters.get("name")).lower() == "carols":
        parameters["name"] = "pgvector"
    if str(parameters.get("user")).lower() == "dev":
        parameters["user"] = "carol"
    if (str(parameters.get("name")).lower(), parameters.get("user")) == ("pgvector", "carol"):
        call("DELETE", "/api/v1/trunk-projects/pgvector/owners/carol")
        call("POST", "/api/v1/trunk-projects/pgvector/owners", json={"user": "carol"})
        if case.operation.definition.raw["operationId"] == "removeOwner":
            call("POST", "/api/v1/me/invitations/pgvector/accept", other())


@hooked("changeMySubscription", "deleteMySubscription")
def followed(context, case, kwargs):
    """There is something to change and to end, half of the time."""
    if case.meta is not None and uuid.uuid4().int % 2:
        case.path_parameters["id"] = call("POST", "/api/v1/trunk-projects/carols/subscriptions", json={}).json()["id"]


def hook():
    """The id of a webhook that nobody answers at; those before it are gone, since an account has a number of them at most."""
    for made in call("GET", "/api/v1/webhooks").json()["items"]:
        call("DELETE", "/api/v1/webhooks/" + made["id"])
    return call("POST", "/api/v1/webhooks", json={"url": "http://127.0.0.1:9/hook", "project": "pgvector"}).json()["id"]


@hooked("createWebhook")
def one_subject(context, case, kwargs):
    """An address that may be called, and one thing to be told of."""
    hook()
    if case.meta is None or not case.meta.generation.mode.is_positive or not isinstance(case.body, dict):
        return
    case.body["url"] = "http://127.0.0.1:9/hook"
    subjects = [name for name in ("project", "category", "user") if name in case.body]
    for name in subjects[1:]:
        del case.body[name]
    if not subjects:
        case.body["project"] = "pgvector"


@hooked("getWebhook", "deleteWebhook", "rotateWebhookSecret", "enableWebhook", "testWebhook", "listWebhookDeliveries", "redeliverWebhook")
def hooks(context, case, kwargs):
    """There is one, half of the time."""
    if case.meta is not None and uuid.uuid4().int % 2:
        case.path_parameters["id"] = hook()
        if "delivery" in case.path_parameters:
            case.path_parameters["delivery"] = call("POST", f"/api/v1/webhooks/{case.path_parameters['id']}/test").json()["id"]


@hooked("listTokens", "listMyInvitations", "listInvitations", "listMySubscriptions", "listAuditEntries", "listWebhooks", "listWebhookDeliveries", "search")
def first_page(context, case, kwargs):
    """Only the registry makes cursors that are good."""
    if case.meta is not None and case.meta.generation.mode.is_positive and case.query:
        case.query.pop("cursor", None)


@hooked("yankVersion")
def replacement(context, case, kwargs):
    """The other version of the project, which was perhaps yanked too."""
    if case.meta is None or not case.meta.generation.mode.is_positive or not case.body.pop("replacement", None):
        return
    if str(case.path_parameters.get("name")).lower() == "pgvector":
        call("POST", "/api/v1/trunk-projects/pgvector/version/0.8.1/unyank")
        case.body["replacement"] = "0.8.1"


@hooked("recordProjectVersion")
def elsewhere(context, case, kwargs):
    """Words that mean something, and links to the host that is allowed."""
    if case.meta is None or not case.meta.generation.mode.is_positive or not isinstance(case.body, dict):
        return
    body = {"name": case.body["name"][:60] + "_away", "version": "1.0.0", "description": None, "extensions": [], "downloads": []}
    for extension in case.body["extensions"]:
        body["extensions"].append({"extension_name": extension["extension_name"]})
    for download in case.body["downloads"]:
        link = f"https://{os.environ['EXTERNAL_HOSTS']}/{download['sha256']}.tar.gz"
        body["downloads"].append(download | {"link": link, "pg_version": int(download["pg_version"])})
    case.body = body


@hooked("publishExtension")
def fill_form(context, case, kwargs):
    if case.meta is None or not isinstance(case.body, dict):
        return
    mode, parts = case.meta.generation.mode, dict(case.meta.components)
    schema = case.operation.schema.raw_schema["components"]["schemas"]["Metadata"]
    body = dict(case.body)
    if parts[ParameterLocation.BODY].mode.is_positive if ParameterLocation.BODY in parts else mode.is_positive:
        body["metadata"] = sensible(body["metadata"])
        body["file"] = archive_for(body["metadata"])
    elif "file" in body and not jsonschema_rs.Draft202012Validator(schema).is_valid(body.get("metadata")):
        # What is wrong is the metadata: nothing else may be the reason of the refusal.
        body["file"] = archive("contract_test", "1.0.0")
    # The parts have an order, the members of an object have none.
    case.body = {name: body[name] for name in ("metadata", "file") if name in body} | body
    # Bytes are beyond the schema's validator, which takes every body with some for a wrong one.
    case.meta.generation.mode = mode
    case.meta.components.update(parts)
