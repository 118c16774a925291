"""The service agreement (服务协议): its versions, and who accepted which."""
