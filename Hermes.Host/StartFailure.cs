using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Hermes.Host;

/// <summary>A setting of the host cannot be used. The message says which, and what to write instead.</summary>
internal sealed class HostSettingException(string message) : Exception(message);

/// <summary>Explains why the host did not start, in a line that says what mends it.</summary>
internal static class StartFailure
{
    /// <summary>The explanation; null for a failure that is no setting's fault, which then shows as it is.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        HostSettingException => $"Hermes cannot start. {exception.Message}",
        OptionsValidationException options => $"Hermes cannot start. {string.Join(Environment.NewLine, options.Failures)}",
        IOException { InnerException: AddressInUseException } => "Hermes cannot start. Another program, perhaps the Python gateway, listens on this port. Stop it, or choose another port: API_SERVER_PORT=8643",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "Hermes cannot start. This machine has no such address to listen on. Write for example API_SERVER_HOST=127.0.0.1",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "Hermes cannot start. This user may not listen on this port. Choose one above 1023: API_SERVER_PORT=8642",
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } setting
            when setting.Message.Contains("Hermes:", StringComparison.Ordinal) => $"Hermes cannot start. {ExplainSetting(setting.Message)}",
        IOException { InnerException: AggregateException { InnerExceptions: [var first, ..] } } => Explain(first),
        AggregateException { InnerExceptions: [var inner] } => Explain(inner),
        _ => null,
    };

    // The configuration's own message names the value, the setting and the type that it is read as; the type says little to most people.
    private static string ExplainSetting(string message) =>
        message.Split('\'') is [_, var value, _, var key, ..] && HostSettings.Find(key) is { } setting ? $"{setting.Key} cannot be '{value}'. Write {setting.Takes}" : message;
}
