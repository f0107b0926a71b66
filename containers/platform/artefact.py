"""Open a model artefact for evaluation: a folder, a `model.tar.gz`, a folder that holds one, or either in S3."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from pandas import DataFrame

from features import encode_rows
from inference import Model, model_fn
from job import JobError, Json, digest_of_files, read_json
from task import Floats

ARCHIVE = 'model.tar.gz'


@dataclass(frozen=True)
class Artefact:
    """A loaded model and the digest of what was loaded: of the archive where there is one, else of the files at the folder's root."""

    model: Model
    digest: str
    profile: Json | None

    def outputs(self, rows: DataFrame) -> Floats:
        """One output of the model per row."""
        return self.model.score(encode_rows(rows, self.model.features))


def open_artefact(location: str) -> Artefact:
    """Load the artefact at a path or `s3://` address. Raises JobError when it is not one."""
    with tempfile.TemporaryDirectory() as scratch:
        path = download(location, Path(scratch)) if location.startswith('s3://') else Path(location)
        archive = path / ARCHIVE if path.is_dir() else path
        if archive.is_file():
            digest, folder = digest_of_archive(archive), unpack(archive, Path(scratch) / 'model')
        elif path.is_dir():
            digest, folder = digest_of_files(file for file in path.iterdir() if file.is_file()), path
        else:
            raise JobError(f'no artefact at {location}')
        try:
            model = model_fn(str(folder))
        except (KeyError, ValueError, FileNotFoundError) as error:
            raise JobError(f'{location} is not an artefact of this container: {error}') from None
        reference = folder / 'reference-profile.json'
        profile = read_json(reference) if reference.exists() else None
        return Artefact(model, digest, profile)


def download(location: str, scratch: Path) -> Path:
    import boto3
    from botocore.exceptions import ClientError

    address = urlparse(location)
    target = scratch / ARCHIVE
    try:
        boto3.client('s3').download_file(address.netloc, address.path.lstrip('/'), str(target))
    except ClientError as error:
        raise JobError(f'cannot read {location}: {error}') from None
    return target


def digest_of_archive(archive: Path) -> str:
    import hashlib

    return f'sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}'


def unpack(archive: Path, folder: Path) -> Path:
    """Extract plain files only, each below `folder`: an artefact is data, whoever wrote it."""
    with tarfile.open(archive) as bundle:
        for member in bundle.getmembers():
            target = (folder / member.name).resolve()
            if not member.isfile() or not target.is_relative_to(folder.resolve()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            source = bundle.extractfile(member)
            if source is not None:
                with source, target.open('wb') as sink:
                    shutil.copyfileobj(source, sink)
    return folder
