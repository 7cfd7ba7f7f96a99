"""The files of a job: its artifacts and its temporary files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from brevettiai.io import FileEntry, Storage
    from brevettiai.platform.launch import Launch
    from brevettiai.platform.life import Life


class JobFiles:
    """What a job does with files: `Job` has it all."""

    io: Storage
    job_dir: str
    _launch: Launch
    _life: Life

    def temp_path(self, *names: str, dir: bool = False) -> str:
        """A path below the job's folder of temporary files, which goes when the process ends.

        Args:
            names: parts of a relative path; none for the folder itself.
            dir: the path is that of a folder, which is made; else the folder above it is made.

        Raises:
            ValueError: the names lead out of the folder.
        """
        return self._path_in(self._launch.temp_dir(), names, dir)

    def artifact_path(self, *names: str, dir: bool = False) -> str:
        """A path below the job's artifacts, as `temp_path` gives one of a temporary file."""
        return self._path_in(self.io.path.join(self.job_dir, "artifacts"), names, dir)

    def artifacts(self) -> list[FileEntry]:
        """The files among the job's artifacts, each with `name`, `size`, `modified` and `etag`.

        `artifact_path(entry.name)` is the path of one.
        """
        return list(self.io.files(self.io.path.join(self.job_dir, "artifacts")))

    def _path_in(self, folder: str, names: tuple[str, ...], dir: bool) -> str:
        # Both slashes separate, on every system, so that a name means the same everywhere.
        parts = [
            part
            for name in names
            for part in self.io.path.split_name(name.replace("\\", "/").removesuffix("/"))
        ]
        path = self.io.path.join(folder, *parts)
        self.io.make_dirs(path if dir or not parts else self.io.path.join(folder, *parts[:-1]))
        return path

    def upload_artifact(
        self,
        artifact_name: str | Sequence[str],
        payload: bytes | str | os.PathLike[str],
        is_file: bool = False,
    ) -> str:
        """Store an artifact.

        Args:
            artifact_name: its name, or the parts of its path.
            payload: its content, or the path of a file with it.
            is_file: the payload is a path.

        Returns:
            Its path as seen from the job's folder, with slashes: `artifacts/<name>`.

        Raises:
            UnsentError: it could not be uploaded. It stays on this machine; the text says where,
                and how to send it.
        """
        import os

        from brevettiai.platform.log import job_log
        from brevettiai.platform.unsent import keep_file

        names = (artifact_name,) if isinstance(artifact_name, str) else tuple(artifact_name)
        path = self.artifact_path(*names)
        shown = artifact_name if isinstance(artifact_name, str) else "/".join(names)
        job_log.info("Uploading %s to %s", shown, path)
        is_path = not isinstance(payload, bytes) and (is_file or isinstance(payload, os.PathLike))
        try:
            if isinstance(payload, str | bytes) and not is_path:
                self.io.write_file(path, payload)
            else:
                self.io.copy(os.fsdecode(payload), path)
        except OSError as error:
            if not self.io.path.is_address(path) or (is_path and not os.path.isfile(payload)):
                raise
            name, temp_dir = self._as_artifact(path), self._launch.temp_dir
            kept = keep_file(temp_dir, path, name, payload, is_path, error)
            if kept is error:
                raise
            raise kept from error
        return self._stored(path)

    def _stored(self, path: str) -> str:
        """The path, as seen from the job's folder, of an artifact that is stored now."""
        from brevettiai.platform.unsent import forget

        name = self._as_artifact(path)
        forget(self._launch.temp_dir, name)
        return name

    def _as_artifact(self, path: str) -> str:
        """A path as seen from the job's folder, with slashes."""
        import os

        return self.io.path.relpath(path, self.job_dir).replace(os.sep, "/")

    def _place_package(self, package_path: str | os.PathLike[str]) -> str:
        """The path of a package as seen from the job's folder; brought there if it is not."""
        import errno
        import os
        from contextlib import suppress

        from brevettiai.io.path import text_of

        path = text_of(package_path)
        if not self.io.isfile(path):
            inside = self.io.path.join(self.job_dir, path)
            if not self.io.isfile(inside):
                raise FileNotFoundError(errno.ENOENT, "There is no such package file", path)
            path = inside
        with suppress(ValueError):  # It lies elsewhere.
            relative = self._as_artifact(path)
            self.io.path.split_name(relative)
            return relative
        name = path.replace(os.sep, "/").rsplit("/", 1)[-1]
        return self.upload_artifact(name, path, is_file=True)
