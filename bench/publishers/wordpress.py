"""WordPress as Debian has it: nginx, PHP-FPM with Debian's pool, MariaDB, its default theme.

Needs Debian's wordpress, wordpress-theme-twentytwentythree, php-fpm, php-mysql, mariadb-server.
No plugin, so nothing caches pages; an edit is the request that its editor sends.
"""

import http.client
import json
import re
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from urllib.parse import quote

from bench.nginx import program
from bench.publishers.publisher import Post, Publisher
from tests.nginx_harness import NGINX, free_port, get

INSTALLED = Path("/usr/share/wordpress")
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'wordpress'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{folder}/mariadb.sock'); define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', ''); define('AUTH_KEY', 'bench'); define('NONCE_KEY', 'bench');
define('WP_HOME', 'http://127.0.0.1:{port}'); define('WP_SITEURL', WP_HOME);
define('WP_ENVIRONMENT_TYPE', 'local');  // its API takes a password without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
# Prints the password of its API and the posts' numbers.
SETUP = """
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require 'wp-load.php';
function wp_new_blog_notification() {}  // it would send mail
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Running in Production', 'host', 'host@example.org', true, '', 'local-password');
$wp_rewrite->set_permalink_structure('/%postname%/');
wp_set_current_user(1);
foreach (json_decode(file_get_contents('posts.json'), true) as $post) {
    $numbers[] = wp_insert_post(['post_title' => $post['title'], 'post_name' => $post['slug'],
        'post_content' => $post['html'], 'post_status' => 'publish'], true);
}
flush_rewrite_rules();
[$password] = WP_Application_Passwords::create_new_application_password(1, ['name' => 'bench']);
echo "\\n", json_encode(['password' => $password, 'numbers' => $numbers]);
"""
FPM = """[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
user = {user}
group = {user}
listen = 127.0.0.1:{fpm}
pm = dynamic
pm.max_children = 5
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
"""
SERVER = """
daemon off; user {user}; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types; sendfile on; gzip on; access_log {folder}/access.log;
    server {{
        listen 127.0.0.1:{port}; root {folder}/site; index index.php;
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location ~ \\.php$ {{
            include /etc/nginx/fastcgi_params; fastcgi_pass 127.0.0.1:{fpm};
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_param HTTP_HOST 127.0.0.1:{port};
            fastcgi_buffers 16 64k; fastcgi_buffer_size 64k;
        }}
    }}
}}
"""


@contextmanager
def wordpress(folder: Path, posts: list[Post]) -> Iterator[Publisher]:
    port, fpm = free_port(), free_port()
    names = {"folder": folder, "port": port, "fpm": fpm, "user": getuser()}
    shutil.copytree(INSTALLED, folder / "site", ignore_dangling_symlinks=True)
    (folder / "site" / "wp-config.php").write_text(CONFIG.format(**names))
    (folder / "fpm.conf").write_text(FPM.format(**names))
    (folder / "nginx.conf").write_text(SERVER.format(**names))
    written = [{"slug": p.slug, "title": p.draft.title, "html": p.html} for p in posts]
    (folder / "site" / "posts.json").write_text(json.dumps(written))
    php = next(Path("/usr/sbin").glob("php-fpm[0-9]*"))
    command = [str(php), "--fpm-config", str(folder / "fpm.conf"), "--allow-to-run-as-root"]
    nginx = [NGINX, "-c", str(folder / "nginx.conf")]
    with mariadb(folder):
        setup = ["php", "-r", SETUP]
        printed = subprocess.check_output(setup, cwd=folder / "site", text=True)
        made = json.loads(printed.splitlines()[-1])
        with program(command, {}, fpm), program(nginx, {}, port):
            yield Publisher(
                "WordPress",
                port,
                [f"/{post.slug}/" for post in posts],
                lambda number, title: retitle(port, made["numbers"][number], title, made),
                uncached=lambda path: get(port, path),
                search="/?s=",
                found=lambda word: found(port, word),
            )


@contextmanager
def mariadb(folder: Path) -> Iterator[None]:
    """A server of its own, reached by a socket."""
    data, socket = folder / "mariadb", folder / "mariadb.sock"
    own = ["--no-defaults", f"--datadir={data}", f"--user={getuser()}"]
    install = ["mariadb-install-db", *own, "--auth-root-authentication-method=normal"]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    server = ["/usr/sbin/mariadbd", *own, f"--socket={socket}", "--skip-networking"]
    with subprocess.Popen([*server, f"--log-error={folder}/mariadb.log"]) as process:
        try:
            while not socket.exists():
                assert process.poll() is None, (folder / "mariadb.log").read_text()
                time.sleep(0.1)
            statements = "CREATE DATABASE wordpress; CREATE USER wordpress@localhost;"
            statements += "GRANT ALL ON wordpress.* TO wordpress@localhost"
            client = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root"]
            subprocess.run([*client, "-e", statements], check=True)
            yield
        finally:
            process.terminate()


def retitle(port: int, number: int, title: str, made: dict[str, str]) -> None:
    """What the button Update sends. Raises AssertionError if it isn't taken."""
    key = b64encode(f"host:{made['password']}".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps({"title": title})
    connection.request("POST", f"/?rest_route=/wp/v2/posts/{number}", body, headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()


def found(port: int, word: str) -> int:
    """Episodes on all pages of results."""
    slugs: set[str] = set()
    for page in range(1, 100):
        body = get(port, f"/page/{page}/?s={quote(word)}").body.decode()
        new = set(re.findall(rf'href="http://127.0.0.1:{port}/(\d+-[^/"]+)/"', body)) - slugs
        if not new:
            break
        slugs |= new
    return len(slugs)
