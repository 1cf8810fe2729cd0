namespace Hermes.Core.Http.Wire;

/// <summary>A request cannot be understood. The message names the field and what is wrong with it, and is shown to the client.</summary>
internal sealed class RequestException(string message, int status = StatusCodes.Status400BadRequest, string? param = null) : Exception(message)
{
    public int Status => status;

    /// <summary>The field that is to blame; null where it is no single one.</summary>
    public string? Param => param;

    /// <summary>A word for programs; null where there is none.</summary>
    public string? Code { get; init; }

    /// <summary>When to try again; null where that is not known to help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
