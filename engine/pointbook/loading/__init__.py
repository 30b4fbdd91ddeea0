"""From a program's documents to a program, with everything that is wrong with it.

The one place where the stages are strung together: `documents` reads a tree, which is a folder or a
commit of git; `loaded` takes its documents through schemas, patches, typing and checks. `operands` says
what the user means by the name of a version; `misnamed` what in the folder was meant to be read and is not.
"""

from pointbook.loading.documents import (
    APPROVALS_FILE,
    GUARDRAILS_FILE,
    LOCK_FILE,
    PROGRAM_FILE,
    SCENARIOS_FOLDER,
    SURVIVORS_FILE,
    VERSIONS_FOLDER,
    ProgramDocuments,
    ReadDocument,
    Tree,
    document_from,
    document_in,
    read_document,
    yaml_files,
)
from pointbook.loading.loaded import Loaded, load, load_in, load_program, loaded_from, loaded_with
from pointbook.loading.locks import lock_in
from pointbook.loading.misnamed import misnamed

__all__ = [
    "APPROVALS_FILE",
    "GUARDRAILS_FILE",
    "LOCK_FILE",
    "PROGRAM_FILE",
    "SCENARIOS_FOLDER",
    "SURVIVORS_FILE",
    "VERSIONS_FOLDER",
    "Loaded",
    "ProgramDocuments",
    "ReadDocument",
    "Tree",
    "document_from",
    "document_in",
    "load",
    "load_in",
    "load_program",
    "loaded_from",
    "loaded_with",
    "lock_in",
    "misnamed",
    "read_document",
    "yaml_files",
]
