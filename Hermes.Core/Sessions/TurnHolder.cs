using System.Diagnostics;
using System.Security.Cryptography;

namespace Hermes.Core.Sessions;

/// <summary>The names under which leases are held: <c>hermes-dotnet:pid=N:RANDOM</c> is ours, other programs have others.</summary>
internal static class TurnHolder
{
    private const string ProcessMark = "pid=";

    // The number alone would not do: every container's first process is number 1.
    private static readonly string OfThisProcess = string.Create(
        CultureInfo.InvariantCulture, $"hermes-dotnet:{ProcessMark}{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>A name that nobody has.</summary>
    public static string Create() => OfThisProcess + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>Whether a turn of this very process has the name.</summary>
    public static bool IsOfThisProcess(string holder) => holder.StartsWith(OfThisProcess, StringComparison.Ordinal);

    /// <summary>Whether the name says which process of this machine has it, and there is none of that number.</summary>
    public static bool IsGone(string holder)
    {
        foreach (var part in holder.Split(':'))
        {
            if (part.StartsWith(ProcessMark, StringComparison.Ordinal)
                && part.AsSpan(ProcessMark.Length) is { Length: > 0 } digits && !digits.ContainsAnyExceptInRange('0', '9'))
            {
                // No system has so many processes that their numbers need more digits than an integer has.
                return !int.TryParse(digits, CultureInfo.InvariantCulture, out var id) || !Exists(id);
            }
        }

        return false;
    }

    private static bool Exists(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // It exists, or did a moment ago.
            return true;
        }
    }
}
