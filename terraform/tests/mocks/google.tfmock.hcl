# What the rest is built from and a mock would leave empty.
mock_data "google_project" {
  defaults = {
    number = "123456789012"
  }
}

mock_resource "google_certificate_manager_dns_authorization" {
  defaults = {
    dns_resource_record = [{ name = "_acme-challenge.chat.example.com.", type = "CNAME", data = "one.authorize.certificatemanager.goog." }]
  }
}

mock_resource "google_redis_instance" {
  defaults = {
    host            = "10.40.0.3"
    port            = 6378
    server_ca_certs = [{ cert = "certificate", create_time = "", expire_time = "", serial_number = "", sha1_fingerprint = "" }]
  }
}
