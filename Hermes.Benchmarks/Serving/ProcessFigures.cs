using System.Globalization;

namespace Hermes.Benchmarks.Serving;

/// <summary>What the kernel counts for a process.</summary>
internal static class ProcessFigures
{
    // The kernel's USER_HZ, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The processor time that the process has had, in user mode and in the kernel.</summary>
    public static TimeSpan Cpu(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));

        // The second field is the name in brackets, which may hold spaces.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>The memory that the process has in RAM, in bytes.</summary>
    public static long ResidentBytes(int process)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
