"""A certificate authority of a test's own, by openssl's command."""

import subprocess


class Authority:
    def __init__(self, folder, name):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.certificate = folder / f"{name}.pem"
        self.key = folder / f"{name}.key"
        self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", self.key, "-out", self.certificate)

    def issue(self, common_name, alternative="DNS:localhost"):
        """Certificate and key for this name."""
        stem = self.folder / f"{self.name}-{common_name}"
        key, request, certificate, more = (stem.with_suffix(end) for end in (".key", ".csr", ".pem", ".ext"))
        self.openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={common_name}", "-keyout", key,
            "-out", request)
        more.write_text(f"subjectAltName={alternative}\n")
        self.openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
            "-extfile", more, "-out", certificate)
        return certificate, key

    @staticmethod
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)
