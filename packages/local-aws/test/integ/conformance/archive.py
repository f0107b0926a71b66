"""Archives of text files, in memory."""

import io
import tarfile
import zipfile


def zipped(**files: str) -> bytes:
    """A zip of files, named by keyword: `index_js` is index.js."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as archive:
        for name, text in files.items():
            archive.writestr(name.replace('_', '.'), text)
    return out.getvalue()


def tarred(**files: str) -> bytes:
    """A gzipped tar of files, named as for `zipped`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w:gz') as archive:
        for name, text in files.items():
            data = text.encode()
            info = tarfile.TarInfo(name.replace('_', '.'))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
