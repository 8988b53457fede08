# Makes the domain that smb.conf describes, on the database itself: the server does not run yet. As samba-tool does it, but
# for the access lists of the sysvol share, which only root can set.
#
#   provision.py DIR    reads DIR/smb.conf and DIR/accounts.json
import json
import logging
import sys

from samba.auth import system_session
from samba.dcerpc import security
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.ndr import ndr_unpack
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

folder = sys.argv[1]
with open(folder + "/accounts.json") as file:
    accounts = json.load(file)
lp = LoadParm()
lp.load(folder + "/smb.conf")

provision(
    logging.getLogger("provision"),
    system_session(),
    smbconf=folder + "/smb.conf",
    lp=lp,
    realm=accounts["domain"],
    domain=lp.get("workgroup"),
    hostname="dc1",
    hostip="127.0.0.1",
    serverrole="active directory domain controller",
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
    dns_backend="NONE",
    adminpass=accounts["rootPassword"],
    use_rfc2307=True,
    skip_sysvolacl=True,
)

samdb = SamDB(lp.samdb_url(), session_info=system_session(), lp=lp)
# Tests change passwords more than once a day.
samdb.set_minPwdAge("0")
samdb.modify_ldif(
    "dn: %s\nchangetype: modify\nreplace: pwdHistoryLength\npwdHistoryLength: 0\n" % samdb.domain_dn()
)
# The gateway's account is an ordinary user to whom one part of the tree was delegated.
samdb.newuser(accounts["serviceAccount"], accounts["password"])
samdb.add({"dn": accounts["suitesDn"], "objectClass": "organizationalUnit"})
found = samdb.search(expression="(sAMAccountName=%s)" % accounts["serviceAccount"], attrs=["objectSid"])
sid = ndr_unpack(security.dom_sid, found[0]["objectSid"][0])
SDUtils(samdb).dacl_add_ace(accounts["suitesDn"], "(A;CI;GA;;;%s)" % sid)
