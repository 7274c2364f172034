"""Every way in which the mocks can be asked: at least one of each kind, and of some kinds several, which need other
adapters' code."""

import collections

# `protocol`: how it is asked then, in the adapter's word, what it adds behind ":" left out; `token`: with a credential.
Way = collections.namedtuple("Way", "options protocol token", defaults=(False,))

WAYS = {
    "allura": Way("kind=allura", "search"),
    "bugzilla-rest": Way("kind=bugzilla,flavour=5.2", "rest"),
    "bugzilla-xmlrpc": Way("kind=bugzilla,flavour=4.4.12", "xmlrpc"),
    "bugzilla-xml": Way("kind=bugzilla,flavour=3.2", "xml"),
    "bugzilla-xmlcgi": Way("kind=bugzilla,flavour=2.10", "xml.cgi"),
    "issuezilla": Way("kind=bugzilla,flavour=issuezilla", "issuezilla"),
    "debbugs": Way("kind=debbugs", "soap"),
    "gitea": Way("kind=gitea", "rest"),
    "github-rest": Way("kind=github", "rest"),
    "github-graphql": Way("kind=github", "graphql", token=True),
    "gitlab": Way("kind=gitlab", "rest+graphql"),
    "gitlab-status": Way("kind=gitlab,flavour=premium", "rest+status", token=True),
    "jira-search": Way("kind=jira", "search"),
    "jira-cloud": Way("kind=jira,flavour=cloud", "bulk"),
    "launchpad": Way("kind=launchpad", "rest"),
    "mantis-soap": Way("kind=mantis", "soap"),
    "mantis-single": Way("kind=mantis,flavour=1.2", "soap-single"),
    "mantis-rest": Way("kind=mantis,flavour=rest", "rest"),
    "mantis-export": Way("kind=mantis,flavour=web", "export"),
    "pagure": Way("kind=pagure", "rest"),
    "phorge": Way("kind=phorge", "conduit", token=True),  # which tells nobody anything without
    "redmine": Way("kind=redmine", "rest"),
    "redmine-single": Way("kind=redmine,version=1.0", "single"),
    "roundup-rest": Way("kind=roundup", "rest"),
    "roundup-csv": Way("kind=roundup,flavour=1.5", "csv"),
    "rt-rest1": Way("kind=rt", "rest1"),
    "rt-rest2": Way("kind=rt,flavour=rest2", "rest2", token=True),
    "savannah": Way("kind=savannah", "pages"),
    "trac-csv": Way("kind=trac", "csv"),
    "trac-xmlrpc": Way("kind=trac,query=0", "xmlrpc"),
    "trac-single": Way("kind=trac,flavour=default,query=0", "single"),
}


def credentials(mock):
    """The configuration for those that want a token, which $TOKEN holds."""
    return "".join(f'[[credential]]\norigin = "{base}"\nvariable = "TOKEN"\n'
                   for name, base in mock.urls.items() if way_of(name) in WAYS and WAYS[way_of(name)].token)


def way_of(name):
    """Of a mock tracker that is named after its way: "gitea", or "gitea@stall"."""
    return name.partition("@")[0]
