/**
 * The directive names of Apache httpd 2.4 (read off 2.4.71, `apache2 -L`, every module of the distribution) and of
 * mod_wsgi 6.0, by module. Data only; known-directives.ts answers questions about it. Section names stand without
 * their brackets; 'mpm' stands for the three multi-processing modules.
 */
/** Module to its directives, blank separated. */
export declare const APACHE_DIRECTIVES: Readonly<Record<string, string>>;
/** Modules of the distribution that have no directive of their own. */
export declare const APACHE_MODULES_WITHOUT_DIRECTIVES = "mod_asis mod_authz_host mod_authz_owner mod_authz_user mod_data mod_lbmethod_bybusyness\n  mod_lbmethod_byrequests mod_lbmethod_bytraffic mod_proxy_ajp mod_proxy_balancer mod_proxy_fdpass\n  mod_proxy_http mod_proxy_http2 mod_proxy_uwsgi mod_ratelimit mod_slotmem_plain mod_slotmem_shm mod_socache_dbm\n  mod_socache_shmcb mod_status mod_unique_id mod_systemd mod_isapi mod_nw_ssl mod_privileges mod_bucketeer\n  mod_case_filter mod_case_filter_in mod_tls mod_allowhandlers";
