using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hermes.Core.Files;

/// <summary>Opens descriptors of one kind, of which this process has no more than so many at a time.</summary>
/// <remarks>Safe for use from any thread. A descriptor counts until it is disposed, or collected where nobody does that.</remarks>
/// <param name="max">How many.</param>
internal sealed partial class DescriptorLimit(int max)
{
    private int _count;

    /// <summary>Opens one more.</summary>
    /// <param name="state">What opening needs.</param>
    /// <param name="open">Opens: the descriptor, or a negative number where that fails.</param>
    /// <returns>Null where there are as many as may be, or it cannot be opened.</returns>
    public SafeHandle? TryOpen<TState>(TState state, Func<TState, int> open)
    {
        if (Interlocked.Increment(ref _count) <= max)
        {
            var descriptor = open(state);
            if (descriptor >= 0)
            {
                return new Descriptor(this, descriptor);
            }
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);

    private sealed class Descriptor : SafeHandleMinusOneIsInvalid
    {
        private readonly DescriptorLimit _limit;

        public Descriptor(DescriptorLimit limit, int descriptor)
            : base(ownsHandle: true)
        {
            _limit = limit;
            SetHandle(descriptor);
        }

        protected override bool ReleaseHandle()
        {
            Interlocked.Decrement(ref _limit._count);
            return CloseDescriptor((int)handle) == 0;
        }
    }
}
