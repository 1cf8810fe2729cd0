namespace Hermes.Core.IO;

/// <summary>For those to whom what a file system refuses, or fails at, is as if there were nothing.</summary>
internal static class FileErrors
{
    /// <summary>What an access gives; another value where the file system refuses it or fails.</summary>
    public static T Ignore<T>(Func<T> access, T otherwise)
    {
        try
        {
            return access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
