"""All settings, switched by environment variables that fail loudly; production is the default.

`manage.py demo` sets what a trial needs (a key made on first start, DEMO=true) in the environment.
Every variable that is read is named here, in `single_sign_on` or in `paper_settings`; README.md
lists the ones a deployment sets.
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import paper_settings
from portal.demo_key import demo_secret_key
from portal.logs import logging_config
from portal.single_sign_on import sign_on_claims, sign_on_providers

ROOT = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

if DEBUG or DEMO or TESTING:
    SECRET_KEY = env.str("SECRET_KEY", default="") or demo_secret_key(VAR_DIR / "secret-key")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="")
    if not SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY is not set (a trial sets DEMO=true instead)")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}")
SITE_URL = WAGTAILADMIN_BASE_URL = BASE_URL.rstrip("/")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG or DEMO else []
)
if TESTING:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

INSTALLED_APPS = [
    "portal.accounts",
    "portal.home",
    "portal.operations",
    "learning.study",
    "learning.statistics",
    "learning.hours",
    "learning.certificates",
    "learning.progress",
    "learning.enrolments",
    "learning.staff",
    "learning.api",
    "learning.privacy",
    "learning.courses",
    "learning.organisations",
    "learning.notices",
    "learning.audit",
    "quizzes.regrading",
    "quizzes.marking",
    "quizzes.exchange",
    "quizzes.analysis",
    "quizzes.attempts",
    "quizzes.bank",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "health_check",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.operations.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.devices.middleware.LastSeenMiddleware",
    "portal.accounts.second.wall.SecondFactorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context.site",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- data ---------------------------------------------------------------------------------------
_sqlite = f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.db_url("DATABASE_URL", default=_sqlite)}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # A server's SQLite: readers beside one writer (WAL); a transaction takes the write lock when
    # it begins, so that it waits its turn instead of failing half-way (IMMEDIATE + busy timeout).
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-32000;PRAGMA mmap_size=134217728;PRAGMA temp_store=MEMORY"
        ),
    }
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    _database["CONN_MAX_AGE"] = None
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=300)
    _database["CONN_HEALTH_CHECKS"] = True
    # The server plans a query once it has come this often on a connection, and afterwards only
    # runs it. 0 switches that off, for a pooler that doesn't know prepared statements.
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | {
        "server_side_binding": True,
        "prepare_threshold": env.int("PREPARE_THRESHOLD", default=3) or None,
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL or SQLite")

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
# Sessions are cached only where all processes share the cache: a private cache would serve stale
# sessions, a log-out in one process would not be seen by the next.
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db" if REDIS_URL else "portal.accounts.sessions"
)
SESSION_COOKIE_AGE = 14 * 24 * 3600

TASKS = {
    "default": {
        "BACKEND": (
            "tests.plugins.tasks.Backend" if TESTING else "django_tasks_db.DatabaseBackend"
        ),
        "QUEUES": ["default"],
    }
}

# Run every morning (portal.operations.daily); each harmless when repeated.
DAILY_JOBS = [
    "learning.enrolments.assigning.actions.open_rounds",
    "learning.enrolments.reminding.planning.remind_today",
    "learning.statistics.digest.tell_weekly",
    "learning.statistics.tasks.await_refresh",
    "learning.statistics.exporting.actions.sweep",
    "portal.accounts.keys.actions.forget_what_is_over",
    "learning.privacy.telling.tell_due",
    "learning.privacy.retention.remove_what_is_too_old",
    "learning.certificates.life.expiring.enter_expired",
    "learning.certificates.life.bundling.forget_bundles",
    "learning.certificates.register.checks.check_all",
]

# Lists of people longer than these are made into a file by the worker: a workbook takes a second
# for six thousand people, CSV begins to flow at once.
STATISTICS_EXPORT_AT_ONCE = {"csv": 100_000, "xlsx": 5_000}
# Days a made file is kept.
STATISTICS_EXPORT_DAYS = 7

# --- people and access --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.accounts.backends.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "study:my"
LOGOUT_REDIRECT_URL = "/"
# Ten wrong passwords for one person from one address, then fifteen minutes' pause. The pair is
# what is locked: one person's mistakes never lock out the office that shares her address.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "portal.accounts.lockout.login_name"
AXES_LOCKOUT_TEMPLATE = "accounts/lockout.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_ENABLED = not TESTING or env.bool("AXES_IN_TESTS", default=False)
AXES_VERBOSE = False

# What follows a right password (second factor) and where people come from other systems is
# allauth's; its own limits are off, as axes and `portal.accounts.limits` count in the database, for
# all processes together.
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
# Editors, HR officers and administrators need a second factor. A trial's logins have to work.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not (DEBUG or DEMO or TESTING))
MFA_ADAPTER = "portal.accounts.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Sở hữu trí tuệ Hải Phòng"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "portal.accounts.oidc.adapter.CityAccountAdapter"
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_BUTTON = env.str("OIDC_BUTTON", default="Đăng nhập bằng tài khoản thành phố")
OIDC_CLAIMS = sign_on_claims(env)
OIDC_MAKES_ACCOUNTS = env.bool("OIDC_MAKES_ACCOUNTS", default=False)
SOCIALACCOUNT_PROVIDERS = sign_on_providers(env, issuer=OIDC_ISSUER, button=OIDC_BUTTON)

# --- security -----------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
# W019 wants DENY; the admin's preview shows the site's own pages in a frame of the same origin.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
if not (DEBUG or DEMO or TESTING):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_policy = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _policy}
# Wagtail's admin still needs inline scripts and styles; `portal.operations.csp` gives it, and only
# it, this wider policy.
ADMIN_CONTENT_SECURITY_POLICY = _policy | {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}

# --- language, time, form -----------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y", "%d/%m/%Y %H:%M"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "site" / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Pictures and files of pages; a deployment lets its web server or object store serve them.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=DEBUG or DEMO or TESTING)
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_MAX_AGE = 3600

# --- mail ---------------------------------------------------------------------------------------
EMAIL_URL = env.email_url(
    "EMAIL_URL", default="filemail://" + str(VAR_DIR / "mail") if DEMO else "consolemail://"
)
EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_URL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_URL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_URL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_URL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_URL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="van-hoa-shtt@vidu.example")
# No letters between these hours of the local day (equal: none is quiet), nor on weekends.
NOTICES_QUIET_FROM = env.int("NOTICES_QUIET_FROM", default=20)
NOTICES_QUIET_UNTIL = env.int("NOTICES_QUIET_UNTIL", default=7)
for _name in ("NOTICES_QUIET_FROM", "NOTICES_QUIET_UNTIL"):
    if globals()[_name] not in range(24):
        raise ImproperlyConfigured(f"{_name} is an hour of the day: 0 to 23")
NOTICES_QUIET_WEEKENDS = env.bool("NOTICES_QUIET_WEEKENDS", default=False)

# --- Wagtail ------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Sở hữu trí tuệ Hải Phòng"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_AUTOSAVE_INTERVAL = 3000
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# «Tài khoản» is the one place for both: there a new address is confirmed and a new password told.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "zip", "vtt", "mp4", "webm"]

# --- certificates -------------------------------------------------------------------------------
CERTIFICATE_ISSUER = paper_settings.issuer(env)
CERTIFICATE_SIGNING = paper_settings.signing(
    env, folder=VAR_DIR, demo=DEMO, fetch=not (DEMO or TESTING)
)
BADGES = paper_settings.badges(env, folder=VAR_DIR, demo=DEMO)

LOGGING = logging_config(debug=DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig"
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
