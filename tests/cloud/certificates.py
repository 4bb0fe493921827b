"""Certificates for the tests, made when they are needed and valid for an hour."""

import collections
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Identity = collections.namedtuple("Identity", "certificate key")  # files


class Authority:
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = folder / f"{name}.pem"
        self._write(self.certificate, self._signed(name, self.key, x509.BasicConstraints(ca=True, path_length=None)))

    def issue(self, host):
        """A certificate for a server of this name."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = Identity(self.folder / f"{self.name}-{host}.pem", self.folder / f"{self.name}-{host}-key.pem")
        self._write(made.certificate, self._signed(host, key, x509.SubjectAlternativeName([x509.DNSName(host)])))
        made.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        return made

    def _signed(self, name, key, extension):
        now = datetime.datetime.now(datetime.timezone.utc)
        return x509.CertificateBuilder(
            issuer_name=_named(self.name), subject_name=_named(name), public_key=key.public_key(),
            serial_number=x509.random_serial_number(), not_valid_before=now - datetime.timedelta(minutes=5),
            not_valid_after=now + datetime.timedelta(hours=1),
        ).add_extension(extension, critical=isinstance(extension, x509.BasicConstraints)).sign(self.key, hashes.SHA256())

    @staticmethod
    def _write(file, certificate):
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _named(name):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
