namespace Hermes.Host;

/// <summary>A setting of the host cannot be used. The message says which, and what to write instead.</summary>
internal sealed class HostSettingException(string message) : Exception(message);
