using System.Runtime.InteropServices;

namespace Hermes.Core.Files;

/// <summary>The numbers of the errors that Linux's calls on files end with.</summary>
internal static class LinuxError
{
    private const int NotPermitted = 1, NoEntry = 2, AccessDenied = 13, NoFolder = 20, IsFolder = 21, LinksInACircle = 40;

    /// <summary>Whether an error says that there is nothing of that name, or a link that leads nowhere.</summary>
    public static bool IsMissing(int error) => error is NoEntry or NoFolder or LinksInACircle;

    /// <summary>Whether an error says that links lead in a circle.</summary>
    public static bool IsCircle(int error) => error == LinksInACircle;

    /// <summary>Whether an error says that rights are missing.</summary>
    public static bool IsDenied(int error) => error is NotPermitted or AccessDenied;

    /// <summary>The exception that .NET throws for an error, without the path.</summary>
    public static Exception ToException(int error) => error switch
    {
        _ when IsMissing(error) => new FileNotFoundException(),
        NotPermitted or AccessDenied or IsFolder => new UnauthorizedAccessException(),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };
}
